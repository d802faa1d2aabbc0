"""A hospital's own sign-in: OpenID Connect, authorization code with PKCE.

References
----------
OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE); RFC 9700 (best practice); RFC 9207.
"""

import asyncio
import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from workspace.accounts.id_tokens import Expected, UnknownKeyError, Vouched, keys_in, read_id_token
from workspace.errors import ProviderError
from workspace.server.site import LOOPBACK_NAMES

SCOPE: Final = "openid profile"
ANSWER_WITHIN_S: Final = 10.0
LONGEST_ANSWER: Final = 256 * 1024
KEPT_S: Final = 3600.0
"""Discovery and keys; a new key is noticed at once, by the first token that it signs."""

KEYS_AGAIN_AFTER_S: Final = 30.0
"""Tokens with made-up keys do not make us ask the provider for each of them."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Which provider, and what it knows us as."""

    issuer: str
    client_id: str
    secret: str = ""
    """Empty: a public client, which PKCE alone protects."""
    name: str = "your hospital"
    """On the button."""
    adds_accounts: bool = False
    """Whoever the provider vouches for gets an account; else only those who were given one."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A browser's way to the provider and back."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


def new_trip(redirect_uri: str) -> Trip:
    """Return a trip that nobody can guess anything of."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Trip(state, nonce, verifier, redirect_uri)


class Provider:
    """Asks the provider, and believes what it can check.

    Parameters
    ----------
    settings : ProviderSettings
        Which provider.
    clock : callable
        Returns the time.
    """

    def __init__(self, settings: ProviderSettings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._clock = clock
        self._turn = asyncio.Lock()
        self._metadata: dict[str, Any] = {}
        self._metadata_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    async def address_for(self, trip: Trip) -> str:
        """Return where to send a browser.

        Raises
        ------
        ProviderError
            The provider cannot be asked.
        """
        metadata = await self._discovered()
        return str(
            prepare_grant_uri(
                metadata["authorization_endpoint"],
                self.settings.client_id,
                "code",
                trip.redirect_uri,
                SCOPE,
                trip.state,
                nonce=trip.nonce,
                code_challenge=create_s256_code_challenge(trip.verifier),
                code_challenge_method="S256",
            )
        )

    async def whom_it_vouches_for(self, trip: Trip, code: str) -> Vouched:
        """Exchange the code that a browser brought back for what the provider says.

        Raises
        ------
        TokenError
            It is not to be believed.
        ProviderError
            The provider cannot be asked, or refuses the code.
        """
        metadata = await self._discovered()
        answer = await self._exchange(metadata, trip, code)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        expected = Expected(self.settings.issuer, self.settings.client_id, trip.nonce)
        keys = await self._keys_of(metadata, older_than_s=KEPT_S)
        try:
            return read_id_token(token, keys, expected, self._clock())
        except UnknownKeyError:
            keys = await self._keys_of(metadata, older_than_s=KEYS_AGAIN_AFTER_S)
            return read_id_token(token, keys, expected, self._clock())

    async def _discovered(self) -> dict[str, Any]:
        async with self._turn:
            if not self._metadata or time.monotonic() - self._metadata_at > KEPT_S:
                issuer = self.settings.issuer.rstrip("/")
                found = await _fetch("GET", f"{issuer}/.well-known/openid-configuration")
                self._metadata = _checked(found, self.settings.issuer)
                self._metadata_at = time.monotonic()
            return self._metadata

    async def _keys_of(self, metadata: dict[str, Any], *, older_than_s: float) -> KeySet:
        async with self._turn:
            if self._keys is None or time.monotonic() - self._keys_at > older_than_s:
                self._keys = keys_in(await _fetch("GET", metadata["jwks_uri"]))
                self._keys_at = time.monotonic()
            return self._keys

    async def _exchange(self, metadata: dict[str, Any], trip: Trip, code: str) -> object:
        settings = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": trip.redirect_uri,
            "client_id": settings.client_id,
            "code_verifier": trip.verifier,
        }
        headers: dict[str, str] = {}
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if settings.secret and "client_secret_basic" in methods:
            both = f"{quote(settings.client_id, safe='')}:{quote(settings.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        elif settings.secret:
            form["client_secret"] = settings.secret
        return await _fetch("POST", metadata["token_endpoint"], form, headers)


def _checked(found: object, issuer: str) -> dict[str, Any]:
    """Return a provider's description of itself, if it is its own and leads to safe places."""
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise ProviderError(
            "the provider says that it is another one; give --oidc-issuer exactly as it does"
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        require_safe_address(str(found.get(name, "")))
    return found


def require_safe_address(address: str) -> None:
    """Refuse an address of a provider that others on the way could read or change.

    Raises
    ------
    ProviderError
        It is not under https, nor on this machine.
    """
    parts = urlsplit(address)
    on_this_machine = parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES
    if not (on_this_machine or (parts.scheme == "https" and parts.hostname)):
        raise ProviderError("the provider has an address that is not under https; ask its operator")


async def _fetch(
    method: str,
    address: str,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> object:
    """Return the JSON of an address, read no further than it may be long; follows no redirect."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ANSWER_WITHIN_S)) as http,
            http.request(
                method, address, data=form, headers=headers, allow_redirects=False
            ) as answer,
        ):
            body = bytearray()
            async for block in answer.content.iter_any():
                body += block
                if len(body) > LONGEST_ANSWER:
                    raise ProviderError("the provider's answer is too long")
            if not answer.ok:
                raise ProviderError(f"the provider answered with {answer.status}; try again")
            return json.loads(bytes(body))
    except (ClientError, TimeoutError, OSError) as error:
        raise ProviderError(
            "the provider cannot be reached; try again, or tell its operator"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ProviderError("the provider's answer is no JSON") from error
