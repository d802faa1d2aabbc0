"""A served room with accounts, for tests of signing in."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import ClientResponse
from yarl import URL

from sessions.plan.records import Role
from sessions.room import utc_now
from tests.workspace.served_room import Guest, Served, served
from tests.workspace.test_accounts import QUICK, Trail
from workspace.accounts.accounts import Accounts
from workspace.accounts.records import Account, SessionLimits
from workspace.accounts.store import SecondFactor
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance
from workspace.server.provider import ProviderSettings
from workspace.server.site import Site

PASSWORD: Final = "saw horse tin roof"


@dataclass
class House:
    """A server whose people have accounts."""

    server: Served
    accounts: Accounts
    trail: Trail

    async def add(self, name: str = "ana", factor: SecondFactor | None = None) -> Account:
        """Give somebody an account."""
        account = Account(account_id="", name=name, display_name=f"{name.title()} Reis")
        return await self.accounts.store.add(
            account, self.accounts.passwords.hash(PASSWORD), factor
        )

    async def path_of_link(self, role: Role = Role.SURGEON) -> str:
        """Return the path of a new invitation link."""
        return urlsplit(await self.server.link(role)).path


@contextlib.asynccontextmanager
async def house(
    data: Path,
    pool: GeometryPool,
    site: Site | None = None,
    provider: ProviderSettings | None = None,
    limits: SessionLimits | None = None,
) -> AsyncIterator[House]:
    """Serve a room whose people have accounts."""
    accounts = await Accounts.open(data, limits, clock=utc_now, cost=QUICK)
    trail = Trail()
    entrance = Entrance(site or Site(), accounts, trail, provider)
    async with served(data, pool, entrance) as server:
        yield House(server, accounts, trail)


async def sign_in(
    guest: Guest, name: str = "ana", password: str = PASSWORD, query: str = ""
) -> ClientResponse:
    """Fill in the form."""
    return await guest.send(f"/sign-in{query}", {"name": name, "password": password})


def cookie_of(guest: Guest, name: str = "commissure_session") -> str | None:
    """Return the value of a cookie that the browser keeps."""
    cookie = guest.http.cookie_jar.filter_cookies(URL(guest.origin)).get(name)
    return None if cookie is None else str(cookie.value)
