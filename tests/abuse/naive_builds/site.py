"""A site with sign-in as one writes it in an afternoon: names, passwords, a cookie."""

import secrets
from collections import Counter
from typing import Final

from aiohttp import web

COOKIE: Final = "session"
PASSWORDS: Final = {"ana": "correct horse"}
TRIES: Final = 5


class NaiveSite:
    """One process with its sessions in a dictionary.

    Attributes
    ----------
    sessions : dict of str to str
        Session id -> who is signed in. Nobody is ever signed out.
    invited : list of str
        Who was let in by a form.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}
        self.invited: list[str] = []
        self._tries: Counter[str] = Counter()
        self.application = web.Application()
        self.application.router.add_post("/login", self._login)
        self.application.router.add_post("/careful-login", self._login_with_a_limit)
        self.application.router.add_get("/", self._page)
        self.application.router.add_post("/invite", self._invite)

    async def _login(self, request: web.Request) -> web.Response:
        """Check the password, and keep the session that the browser came with."""
        form = await request.post()
        name = str(form["name"])
        if PASSWORDS.get(name) != form["password"]:
            return web.Response(status=401)
        session = request.cookies.get(COOKIE) or secrets.token_hex(16)
        self.sessions[session] = name
        answer = web.Response()
        answer.set_cookie(COOKIE, session)
        return answer

    async def _login_with_a_limit(self, request: web.Request) -> web.Response:
        """Count tries by the address that a proxy would put into the header, or anybody else."""
        address = request.headers.get("X-Forwarded-For", request.remote or "")
        self._tries[address] += 1
        if self._tries[address] > TRIES:
            return web.Response(status=429)
        return await self._login(request)

    async def _page(self, request: web.Request) -> web.Response:
        name = self.sessions.get(request.cookies.get(COOKIE, ""))
        return web.Response(status=401 if name is None else 200, text=name or "")

    async def _invite(self, request: web.Request) -> web.Response:
        """Do what the form says for whoever has the cookie, whichever page the form was on."""
        if request.cookies.get(COOKIE) not in self.sessions:
            return web.Response(status=401)
        self.invited.append(str((await request.post())["name"]))
        return web.Response()
