"""A surgeon signs in with a real browser, below a prefix behind a proxy, and comes into a room."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sessions.plan.records import Role
from tests.end_to_end.accessibility import require_accessible
from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess
from tests.workspace.path_proxy import proxied
from tests.workspace.served_room import ROOM, served
from tests.workspace.test_accounts import QUICK
from workspace.accounts.accounts import Accounts
from workspace.accounts.records import Account
from workspace.accounts.second_factor import code_at, new_secret
from workspace.accounts.store import SecondFactor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PASSWORD = "saw horse tin roof"
SECRET = new_secret()
PREFIX = "/commissure"


async def furnished(data: Path) -> str:
    """Make a room and an account; return the path of an invitation."""
    async with served(data) as server:
        path = await server.hosting.invite(ROOM, Role.SURGEON)
    accounts = await Accounts.open(data, cost=QUICK)
    factor = SecondFactor(totp_secret=SECRET, recovery_hashes=())
    ana = Account(account_id="", name="ana", display_name="Ana Reis")
    await accounts.store.add(ana, accounts.passwords.hash(PASSWORD), factor)
    await accounts.close()
    return path


class ProxyThread:
    """A proxy with an event loop of its own, for playwright has this thread's."""

    def __init__(self, target: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._done = asyncio.Event()
        self.url = ""
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=[self._run(target)]
        )
        self._thread.start()
        assert self._ready.wait(20)

    async def _run(self, target: str) -> None:
        async with proxied(target, PREFIX, "http") as url:
            self.url = url
            self._ready.set()
            await self._done.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(20)
        self._loop.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return the proxy's address and the path of an invitation."""
    data = tmp_path_factory.mktemp("house")
    with ThreadPoolExecutor(1) as elsewhere:  # playwright's event loop runs in this thread
        path = elsewhere.submit(lambda: asyncio.run(furnished(data))).result()
    arguments = ("--path-prefix", PREFIX, "--trusted-proxy", "127.0.0.1", "--require-account")
    server = ServerProcess.empty(data, *arguments)
    proxy = ProxyThread(str(server.ready["url"]).removesuffix(PREFIX))
    yield proxy.url, path
    proxy.close()
    assert server.stop() == 0


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_surgeon_comes_in_by_account_and_finds_the_room_again(
    browser: Browser, house: tuple[str, str], screenshots: Path
) -> None:
    url, path = house
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    member = MemberPage(context, context.new_page())
    page = member.page
    page.goto(url + PREFIX + path)
    expect(page).to_have_url(f"{url}{PREFIX}/sign-in?next={(PREFIX + path).replace('/', '%2F')}")
    take_picture(page, screenshots / "sign-in.png")
    sign_in(page, "not this one, surely")
    expect(page.get_by_role("alert")).to_have_text("This name or password is not right.")
    require_accessible(page)
    take_picture(page, screenshots / "sign-in-refused.png")
    sign_in(page, PASSWORD)
    expect(page.get_by_label("Code of six digits")).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "sign-in-code.png")
    page.get_by_role("link", name="I have no authenticator here").click()
    expect(page.get_by_role("link", name="Use the authenticator")).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "sign-in-recovery.png")
    page.get_by_role("link", name="Use the authenticator").click()
    page.get_by_label("Code of six digits").fill(code_at(SECRET, datetime.now(UTC)))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The others see you as Ana Reis")).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "join-signed-in.png")
    page.get_by_role("button", name="Join the room").click()
    member.wait_until_ready()
    take_picture(page, screenshots / "room-below-a-prefix.png")
    where = page.url.removeprefix(url)
    page.goto(f"{url}{PREFIX}/")  # the room lets its member go
    expect(page.get_by_role("link", name="Two solids")).to_have_attribute("href", where)
    require_accessible(page)
    take_picture(page, screenshots / "home-signed-in.png")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    take_picture(page, screenshots / "front-door.png")
    page.goto(url + where)
    expect(page.get_by_role("heading")).to_have_text("You are not signed in here")
    take_picture(page, screenshots / "not-signed-in.png")
    assert member.faults == []
    context.close()
