"""Signing in with a provider: a real one on loopback, honest and in all its evil variants."""

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientResponse
from joserfc import jws
from joserfc.jwk import ECKey

from tests.workspace.oidc_provider import CLIENT, SECRET, Claims, Evil, OidcProvider, provided
from tests.workspace.served_room import Guest
from tests.workspace.signing_in import House, cookie_of, house
from workspace.accounts.records import Account
from workspace.errors import ProviderError
from workspace.planning.pool import GeometryPool
from workspace.server.provider import ProviderSettings, require_safe_address

OWN = ECKey.generate_key("P-256", {"kid": "first"})


@contextlib.asynccontextmanager
async def hospital(
    data: Path, pool: GeometryPool, provider: OidcProvider, *, adds_accounts: bool = False
) -> AsyncIterator[tuple[House, Guest]]:
    """Run a provider, a server that believes it, and a browser."""
    async with provided(provider):
        settings = ProviderSettings(provider.url, CLIENT, SECRET, "St. Elsewhere", adds_accounts)
        async with house(data, pool, provider=settings) as at_home:
            if not adds_accounts:
                identity = (provider.url, provider.subject)
                account = Account(
                    account_id="", name="ana", display_name="Ana Reis", identity=identity
                )
                await at_home.accounts.store.add(account)
            async with Guest.arriving(at_home.server) as guest:
                yield at_home, guest


async def come_back(guest: Guest, query: str = "") -> ClientResponse:
    """Go to the provider as the button does, and come back with what it gave."""
    away = await guest.get(f"/sign-in/provider{query}")
    assert away.status == 303, await away.text()
    there = await guest.http.get(away.headers["Location"], allow_redirects=False)
    return await arrive(guest, there.headers["Location"])


async def arrive(guest: Guest, address: str) -> ClientResponse:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = await guest.http.get(address, headers=headers, allow_redirects=False)
    await answer.read()
    return answer


async def test_whom_the_provider_vouches_for_is_let_in(tmp_path: Path, pool: GeometryPool) -> None:
    provider = OidcProvider()
    async with hospital(tmp_path, pool, provider) as (at_home, guest):
        page = await (await guest.get("/sign-in")).text()
        assert "Sign in with St. Elsewhere" in page
        link = await at_home.path_of_link()
        answer = await come_back(guest, f"?next={link}")
        assert answer.status == 200
        assert f'content="0;url={link}"' in await answer.text()
        cookie = answer.cookies["commissure_session"]
        assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True)
        assert "Ana Reis" in await (await guest.get("/")).text()
        assert "client_secret" not in provider.last_form
    assert at_home.trail.kinds == ["sign_in"]


async def test_the_way_there_holds_no_secret_and_proves_the_way_back(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with hospital(tmp_path, pool, OidcProvider()) as (_, guest):
        seen = set()
        for _ in range(2):
            away = await guest.get("/sign-in/provider")
            query = parse_qs(urlsplit(away.headers["Location"]).query)
            assert query["code_challenge_method"] == ["S256"]
            assert query["redirect_uri"] == [f"{guest.origin}/sign-in/provider/return"]
            assert SECRET not in away.headers["Location"]
            seen |= {query[name][0] for name in ("state", "nonce", "code_challenge")}
            cookie = away.cookies["commissure_provider"]
            assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
        assert len(seen) == 6


async def test_a_state_works_once_and_only_in_its_browser(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Abuse row 19."""
    async with hospital(tmp_path, pool, OidcProvider()) as (at_home, guest):
        away = await guest.get("/sign-in/provider")
        there = await guest.http.get(away.headers["Location"], allow_redirects=False)
        back = there.headers["Location"]
        async with Guest.arriving(at_home.server) as victim:
            assert (await arrive(victim, back)).status == 401
        assert (await arrive(guest, back)).status == 401  # somebody has tried it
        assert (await come_back(guest)).status == 200
        away = await guest.get("/sign-in/provider")
        there = await guest.http.get(away.headers["Location"], allow_redirects=False)
        assert (await arrive(guest, there.headers["Location"])).status == 200
        assert (await arrive(guest, there.headers["Location"])).status == 401
        assert (await guest.get("/sign-in/provider/return?state=x&code=y")).status == 401


def without_signature(_: OidcProvider, claims: Claims) -> str:
    parts = [{"alg": "none"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in parts]
    return b".".join([*encoded, b""]).decode()


def with_own_key(_: OidcProvider, claims: Claims) -> str:
    header = {"alg": "ES256", "jwk": OWN.as_dict(private=False)}
    return jws.serialize_compact(header, json.dumps(claims), OWN)


def with_own_key_elsewhere(provider: OidcProvider, claims: Claims) -> str:
    return provider.sign(claims, jku="http://evil.example/keys")


def with_own_key_of_that_name(_: OidcProvider, claims: Claims) -> str:
    return jws.serialize_compact({"alg": "ES256", "kid": "first"}, json.dumps(claims), OWN)


def with_a_shared_secret(secret: bytes, claims: Claims) -> str:
    """Sign by hand: libraries of today refuse to."""
    parts = [{"alg": "HS256", "kid": "first"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in parts]
    body = b".".join(encoded)
    digest = hmac.new(secret, body, hashlib.sha256).digest()
    return b".".join([body, base64.urlsafe_b64encode(digest).rstrip(b"=")]).decode()


def with_the_public_key_as_secret(provider: OidcProvider, claims: Claims) -> str:
    return with_a_shared_secret(provider.key.as_pem(private=False), claims)


def with_the_clients_secret(_: OidcProvider, claims: Claims) -> str:
    return with_a_shared_secret(SECRET.encode(), claims)


def saying(changes: Mapping[str, object]) -> Evil:
    def sign(provider: OidcProvider, claims: Claims) -> str:
        told = {**claims, **changes}
        return provider.sign({name: value for name, value in told.items() if value is not None})

    return sign


NOW = int(time.time())

EVIL: dict[str, Evil] = {
    "no signature": without_signature,
    "a key of its own in the token": with_own_key,
    "a key of its own elsewhere": with_own_key_elsewhere,
    "a key of its own of that name": with_own_key_of_that_name,
    "the public key as a secret": with_the_public_key_as_secret,
    "the client's secret": with_the_clients_secret,
    "no key named, of an unknown one": lambda _, claims: jws.serialize_compact(
        {"alg": "ES256"}, json.dumps(claims), OWN
    ),
    "another audience": saying({"aud": "other"}),
    "us among others, for another": saying({"aud": [CLIENT, "other"], "azp": "other"}),
    "us among others, for nobody": saying({"aud": [CLIENT, "other"]}),
    "no audience": saying({"aud": None}),
    "another issuer": saying({"iss": "https://evil.example"}),
    "no issuer": saying({"iss": None}),
    "another nonce": saying({"nonce": "of another sign-in"}),
    "no nonce": saying({"nonce": None}),
    "expired": saying({"exp": NOW - 3600}),
    "never expires": saying({"exp": None}),
    "of the future": saying({"iat": NOW + 3600, "exp": NOW + 7200}),
    "not yet valid": saying({"nbf": NOW + 3600}),
    "nobody": saying({"sub": None}),
    "an empty subject": saying({"sub": ""}),
    "a subject that is no text": saying({"sub": ["s-1"]}),
    "an endless subject": saying({"sub": "s" * 256}),
    "no token": lambda *_: "",
    "nonsense": lambda *_: "a.b.c",
    "deep nonsense": lambda *_: base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.x",
}


async def test_what_an_evil_provider_or_a_thief_sends_lets_nobody_in(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Abuse row 19."""
    provider = OidcProvider()
    async with hospital(tmp_path, pool, provider) as (at_home, guest):
        for name, evil in EVIL.items():
            provider.evil = evil
            answer = await come_back(guest)
            assert answer.status == 401, name
            assert "commissure_session" not in answer.cookies, name
            assert cookie_of(guest) is None, name
        assert at_home.trail.kinds == ["sign_in_refused"] * len(EVIL)
        assert provider.keys_fetched == 1
        provider.evil = None
        assert (await come_back(guest)).status == 200


@pytest.mark.parametrize("kind", ["EC", "RSA"])
async def test_a_new_key_of_the_provider_is_fetched(
    tmp_path: Path, pool: GeometryPool, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workspace.server.provider.KEYS_AGAIN_AFTER_S", 0.0)
    provider = OidcProvider()
    async with hospital(tmp_path, pool, provider) as (_, guest):
        assert (await come_back(guest)).status == 200
        before = provider.key
        provider.rotate(kind)
        assert (await come_back(guest)).status == 200
        assert provider.keys_fetched == 2
        provider.key = before
        assert (await come_back(guest)).status == 401


async def test_only_those_with_an_account_come_in_unless_accounts_are_added(
    tmp_path: Path, pool: GeometryPool
) -> None:
    provider = OidcProvider(subject="s-1")
    async with hospital(tmp_path / "a", pool, provider) as (at_home, guest):
        provider.subject = "s-2"
        answer = await come_back(guest)
        assert answer.status == 403
        assert "knows you as s-2" in await answer.text()
        assert len(await at_home.accounts.store.listed()) == 1
    adding = OidcProvider(name="Ben\x00<b>")
    async with hospital(tmp_path / "b", pool, adding, adds_accounts=True) as (at_home, guest):
        for _ in range(2):
            assert (await come_back(guest)).status == 200
        (added,) = await at_home.accounts.store.listed()
        assert added.display_name == "Somebody"
        assert added.name.startswith("oidc-")
        await at_home.accounts.store.set_disabled(added.name, is_disabled=True)
        assert (await come_back(guest)).status == 403
        assert "Your rooms" not in await (await guest.get("/")).text()


async def test_a_provider_that_says_no_or_is_another_lets_nobody_in(
    tmp_path: Path, pool: GeometryPool
) -> None:
    provider = OidcProvider(refuses=True)
    async with hospital(tmp_path, pool, provider) as (_, guest):
        assert (await come_back(guest)).status == 401
        provider.refuses = False
        away = await guest.get("/sign-in/provider")
        there = await guest.http.get(away.headers["Location"], allow_redirects=False)
        mixed_up = there.headers["Location"].replace("iss=http", "iss=https")
        assert (await arrive(guest, mixed_up)).status == 401


async def test_a_provider_that_is_away_or_is_another_is_a_sentence(
    tmp_path: Path, pool: GeometryPool
) -> None:
    provider = OidcProvider(says_it_is="https://evil.example")
    async with hospital(tmp_path, pool, provider) as (_, guest):
        answer = await guest.get("/sign-in/provider")
        assert answer.status == 503
        assert "says that it is another one" in await answer.text()
    settings = ProviderSettings("http://127.0.0.1:9", CLIENT)
    async with (
        house(tmp_path, pool, provider=settings) as at_home,
        Guest.arriving(at_home.server) as guest,
    ):
        answer = await guest.get("/sign-in/provider")
        assert answer.status == 503
        assert "cannot be reached" in await answer.text()


@pytest.mark.parametrize(
    "address", ["", "http://id.example/x", "ftp://id.example", "https://", "javascript:alert(1)"]
)
def test_an_address_that_others_could_read_is_refused(address: str) -> None:
    with pytest.raises(ProviderError, match="not under https"):
        require_safe_address(address)
