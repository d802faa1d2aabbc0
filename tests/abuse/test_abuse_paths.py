"""Paths and queries that no page of ours would ask for: told apart from faults of our own."""

from typing import Final
from urllib.parse import quote

from yarl import URL

from sessions.plan.records import Role
from tests.workspace.served_room import Guest, Served

ODD: Final = (
    "",
    "-1",
    "1e9",
    "9" * 5000,
    "\0",
    "\ud83d",
    "'\"",
    "NEAR(",
    "a AND (",
    "../..",
    "%2e%2e%2f",
    "\u202e",
    "{{1}}",
)
MEMBERS_PATHS: Final = (
    "{}",
    "timeline?before={}",
    "timeline?count={}",
    "steps?after={}",
    "steps?branch={}",
    "at/{}",
    "at/1?branch={}",
    "search?q={}",
    "search?before={}&q=a",
    "export/{}.stl",
    "export/bone.stl?branch={}",
    "surfaces/{}.drc",
    "history.{}",
)
ANYBODYS_PATHS: Final = (
    "/{}",
    "/join/{}",
    "/join/theatre-1.{}",
    "/rooms/{}",
    "/rooms/theatre-1/m/{}/",
    "/static/{}",
    "/sign-in?next={}",
)


async def test_no_odd_path_is_a_fault_of_our_own(server: Served) -> None:
    """Row 34: nor does a stranger fill the operator's log with faults."""
    async with Guest.joining(server, Role.OWNER) as ana, Guest.arriving(server) as eve:
        paths = [(ana, ana.path + it) for it in MEMBERS_PATHS]
        for guest, path in (*paths, *((eve, it) for it in ANYBODYS_PATHS)):
            for odd in ODD:
                asked = path.format(quote(odd.encode("utf-8", "surrogatepass"), safe="%"))
                url = URL(guest.origin + asked, encoded=True)
                async with guest.http.get(url, allow_redirects=False) as answer:
                    assert answer.status < 500, asked[:80]
