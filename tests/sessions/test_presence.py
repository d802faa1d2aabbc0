"""The latest wins, for each who listens."""

import asyncio
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sessions.plan.records import MemberId
from sessions.presence import PresenceBoard
from sessions.protocol import Camera, Presence
from sessions.room import Room
from tests.sessions.scene import ANA, BEN, OLE, contents


def looking(x: float) -> Presence:
    """Return the presence of somebody whose camera is at `x`."""
    camera = Camera(position=(x, 0, 0), focal_point=(0, 0, 0), view_up=(0, 0, 1))
    return Presence(camera=camera)


def test_a_slow_recipient_gets_only_the_newest() -> None:
    """S1."""
    board = PresenceBoard()
    board.join("a", ANA)
    board.join("b", BEN)
    board.take("a")
    for number in range(1000):
        board.show(BEN, looking(number))
    assert board.take("a") == {BEN: looking(999)}
    assert board.take("a") == {}


def test_nobody_hears_of_themselves() -> None:
    """S1."""
    board = PresenceBoard()
    board.join("a1", ANA)
    board.join("a2", ANA)
    board.show(ANA, looking(1))
    assert board.take("a1") == board.take("a2") == {}


def test_who_comes_hears_of_all_and_all_hear_of_them() -> None:
    """S2."""
    board = PresenceBoard()
    board.join("a", ANA)
    board.show(ANA, looking(1))
    board.join("b", BEN)
    assert board.take("b") == {ANA: looking(1)}
    assert board.take("a") == {BEN: Presence()}
    assert board.present == (ANA, BEN)


def test_a_member_has_left_when_their_last_page_has() -> None:
    """S2."""
    board = PresenceBoard()
    for page, member_id in (("a", ANA), ("b1", BEN), ("b2", BEN)):
        board.join(page, member_id)
    board.take("a")
    board.leave("b1")
    assert (board.take("a"), board.present) == ({}, (ANA, BEN))
    board.leave("b2")
    board.leave("b2")
    assert (board.take("a"), board.present) == ({BEN: None}, (ANA,))
    assert board.take("b2") == {}


async def test_news_wait_until_there_are_some() -> None:
    """S1."""
    board = PresenceBoard()
    board.join("a", ANA)
    waiting = asyncio.create_task(board.news("a"))
    await asyncio.sleep(0)
    assert not waiting.done()
    board.join("b", BEN)
    assert await waiting == {BEN: Presence()}
    leaving = asyncio.create_task(board.news("a"))
    await asyncio.sleep(0)
    board.leave("a")
    assert await leaving == {}
    assert await board.news("a") == {}


async def test_presence_is_never_logged(room: Room, tmp_path: Path) -> None:
    """S3."""
    before = room.revision
    board = PresenceBoard()
    board.join("a", ANA)
    board.show(ANA, looking(123.456))
    assert room.revision == before
    assert all(b"123.456" not in content for content in contents(tmp_path))


moves = st.lists(
    st.tuples(st.sampled_from([ANA, BEN, OLE]), st.integers(0, 9), st.booleans()), max_size=40
)


@given(moves)
def test_whoever_takes_all_news_knows_the_latest_of_everybody(
    happened: list[tuple[MemberId, int, bool]],
) -> None:
    """S1."""
    board = PresenceBoard()
    known: dict[MemberId, Presence | None] = {}
    latest: dict[MemberId, Presence] = {}
    board.join("listener", MemberId("eva"))
    for member_id in (ANA, BEN, OLE):
        board.join(member_id, member_id)
        latest[member_id] = Presence()
    for member_id, number, takes in happened:
        board.show(member_id, looking(number))
        latest[member_id] = looking(number)
        if takes:
            known |= board.take("listener")
    known |= board.take("listener")
    assert known == latest
