"""Reading what a provider says of somebody: an ID token, which is believed only if all of it is so.

References
----------
OpenID Connect Core 1.0, 3.1.3.7; RFC 8725, best practices for JSON Web Tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from workspace.errors import TokenError

ALGORITHMS: Final[Mapping[str, str]] = {
    **{f"{kind}{bits}": "RSA" for kind in ("RS", "PS") for bits in (256, 384, 512)},
    **{f"ES{bits}": "EC" for bits in (256, 384, 512)},
}
"""Signatures with the provider's private key, each with the kind of its key. Never "none", and
never HS256, whose key would be the client's secret or, by mistake, a public key."""

FORBIDDEN_HEADERS: Final = frozenset({"jwk", "jku", "x5c", "x5u", "crit"})
"""A token does not say which key it is to be checked with."""

CLOCKS_OFF_S: Final = 60
LONGEST_TOKEN: Final = 32 * 1024
LONGEST_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, 2: of ``sub``."""

FEWEST_RSA_BITS: Final = 2048
"""RFC 7518, 3.3."""


class UnknownKeyError(TokenError):
    """The token is signed with a key that the provider had not shown us."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for."""

    subject: str
    display_name: str
    """As the provider has it; may be empty, and may be anything."""


def keys_in(document: object) -> KeySet:
    """Return a provider's public keys for signatures, without what is none.

    Raises
    ------
    TokenError
        There is none.
    """
    rows = document.get("keys") if isinstance(document, dict) else None
    keys = [key for row in rows if (key := _key(row)) is not None] if isinstance(rows, list) else []
    if not keys:
        raise TokenError("the provider shows no key that its tokens could be checked with")
    return KeySet(keys)


def read_id_token(token: object, keys: KeySet, expected: Expected, now: datetime) -> Vouched:
    """Return whom a token vouches for.

    Raises
    ------
    UnknownKeyError
        The provider's keys have changed; fetch them again.
    TokenError
        It is not signed by the provider, not for us, not of this sign-in, or too old.
    """
    if not isinstance(token, str) or not token or len(token) > LONGEST_TOKEN:
        raise TokenError("the provider sent no ID token")
    try:
        header = dict(jws.extract_compact(token.encode()).headers())
        key = _key_for(header, keys)
        claims = jwt.decode(token, key, algorithms=[str(header["alg"])])
        _validate(claims.claims, claims.header, expected, now)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TokenError("the provider's ID token is not valid") from error
    name = claims.claims.get("name")
    return Vouched(str(claims.claims["sub"]), name if isinstance(name, str) else "")


def _key(row: object) -> Key | None:
    if not isinstance(row, dict) or row.get("use", "sig") != "sig":
        return None
    try:
        if row.get("kty") == "RSA":
            rsa = RSAKey.import_key(_public(row))
            return rsa if rsa.public_key.key_size >= FEWEST_RSA_BITS else None
        return ECKey.import_key(_public(row)) if row.get("kty") == "EC" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _public(row: dict[str, Any]) -> dict[str, Any]:
    """Return the public part of a key; a provider that shows its private one is not asked to."""
    kept = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
    return {name: row[name] for name in kept if name in row}


def _key_for(header: Mapping[str, object], keys: KeySet) -> Key:
    if FORBIDDEN_HEADERS & header.keys():
        raise TokenError("the provider's ID token brings its own key")
    kind = ALGORITHMS.get(str(header.get("alg")))
    if kind is None:
        raise TokenError("the provider's ID token is signed in a way that is not accepted")
    fitting = [key for key in keys.keys if key.key_type == kind]
    if "kid" in header:
        fitting = [key for key in fitting if key.kid == header["kid"]]
    if not fitting:
        raise UnknownKeyError("the provider's ID token is signed with an unknown key")
    if len(fitting) > 1:
        raise TokenError("the provider's ID token does not say which key it is signed with")
    return fitting[0]


def _validate(
    claims: dict[str, Any], header: Mapping[str, Any], expected: Expected, now: datetime
) -> None:
    subject, issued_at = claims.get("sub"), claims.get("iat")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise TokenError("the provider's ID token is of nobody")
    if claims.get("nonce") != expected.nonce or not expected.nonce:
        raise TokenError("the provider's ID token is of another sign-in")
    seconds = int(now.timestamp())
    if not isinstance(issued_at, int | float) or issued_at > seconds + CLOCKS_OFF_S:
        raise TokenError("the provider's ID token is of the future")
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "exp": {"essential": True},
    }
    params = {"nonce": expected.nonce, "client_id": expected.client_id}
    CodeIDToken(claims, dict(header), options, params).validate(now=seconds, leeway=CLOCKS_OFF_S)
