"""A small real OpenID provider on a loopback port, and the ways in which one can be evil."""

import base64
import contextlib
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from workspace.server.serving import bound_socket, url_of

CLIENT: Final = "commissure-test"
SECRET: Final = "of the client: 100%"

Claims = dict[str, Any]
Evil = Callable[["OidcProvider", Claims], str]
"""Makes another token of what an honest one would say."""

_EC: Final = ECKey.generate_key("P-256", {"kid": "first"})
_RSA: Final = RSAKey.generate_key(2048, {"kid": "rsa"})


@dataclass
class OidcProvider:
    """Vouches for `subject`, who never has to type anything."""

    url: str = ""
    subject: str = "s-1"
    name: str = "Ana Reis"
    key: ECKey | RSAKey = field(default_factory=lambda: _EC)
    shown: list[ECKey | RSAKey] = field(default_factory=lambda: [_EC])
    evil: Evil | None = None
    says_it_is: str | None = None
    refuses: bool = False
    keys_fetched: int = 0
    last_form: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/.well-known/openid-configuration", self._discovery)
        application.router.add_get("/authorize", self._authorize)
        application.router.add_post("/token", self._token)
        application.router.add_get("/keys", self._show_keys)
        return application

    def rotate(self, kind: str = "EC") -> None:
        """Sign with another key from now on; the one before is shown no longer."""
        self.key = _RSA if kind == "RSA" else ECKey.generate_key("P-256", {"kid": "second"})
        self.shown = [self.key]

    def sign(self, claims: Claims, **header: object) -> str:
        """Return a token under the provider's key."""
        algorithm = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        protected = {"alg": algorithm, "kid": self.key.kid, **header}
        kept = {name: value for name, value in protected.items() if value is not None}
        return jws.serialize_compact(kept, json.dumps(claims), self.key)

    async def _discovery(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.says_it_is or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        back = {"state": query["state"], "iss": self.url}
        if self.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self._codes[back["code"]] = query
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(back)}")

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.last_form = form
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        both = "commissure-test:of%20the%20client%3A%20100%25"
        known = (
            request.headers["Authorization"] == f"Basic {base64.b64encode(both.encode()).decode()}"
        )
        if asked is None or asked["code_challenge"] != challenge or not known:
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = self.claims(asked["nonce"])
        token = self.sign(claims) if self.evil is None else self.evil(self, claims)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def claims(self, nonce: str) -> Claims:
        """Return what an honest token says."""
        now = int(time.time())
        return {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "name": self.name,
        }

    async def _show_keys(self, _: web.Request) -> web.Response:
        self.keys_fetched += 1
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.shown]})


@contextlib.asynccontextmanager
async def provided(provider: OidcProvider) -> AsyncIterator[OidcProvider]:
    """Run a provider for the length of the block."""
    with bound_socket("127.0.0.1", 0) as listener:
        provider.url = url_of(listener)
        runner = web.AppRunner(provider.application, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield provider
        finally:
            await runner.cleanup()
