"""The latest wins, for each who listens."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sessions.plan.records import MemberId
from sessions.presence import News, PresenceBoard
from sessions.protocol import Camera, Presence
from sessions.room import Room
from tests.sessions.scene import ANA, BEN, OLE, contents

EVERYBODY = frozenset({"a", "a1", "a2", "b", "b1", "b2", "o", "listener"})


def looking(x: float) -> Presence:
    """Return the presence of somebody whose camera is at `x`."""
    camera = Camera(position=(x, 0, 0), focal_point=(0, 0, 0), view_up=(0, 0, 1))
    return Presence(camera=camera)


def deal(board: PresenceBoard[str], takers: frozenset[str] = EVERYBODY) -> dict[str, News]:
    """Return what each page gets, if it gets anything."""
    shares = board.deal(takers.__contains__)
    return {page: share.news for share in shares for page in share.recipients}


def test_a_slow_recipient_gets_only_the_newest() -> None:
    """S1."""
    board: PresenceBoard[str] = PresenceBoard()
    board.join("a", ANA)
    board.join("b", BEN)
    deal(board)
    for number in range(1000):
        board.show(BEN, looking(number))
        assert deal(board, frozenset({"b"})) == {}
    assert board.owes
    assert deal(board) == {"a": {BEN: looking(999)}}
    assert not board.owes
    assert deal(board) == {}


def test_those_who_keep_up_share_one_news_and_a_slow_one_holds_up_nobody() -> None:
    """S1."""
    board: PresenceBoard[str] = PresenceBoard()
    for page, member_id in (("a", ANA), ("b", BEN), ("o", OLE)):
        board.join(page, member_id)
    deal(board)
    board.show(ANA, looking(1))
    board.show(BEN, looking(2))
    (share,) = board.deal(frozenset({"a", "o"}).__contains__)
    assert (share.news, share.recipients) == ({ANA: looking(1), BEN: looking(2)}, ["a", "o"])
    board.show(OLE, looking(3))
    told = deal(board)
    assert told["b"] == {ANA: looking(1), BEN: looking(2), OLE: looking(3)}
    assert told["a"] == {OLE: looking(3)}


def test_nobody_is_told_only_of_themselves() -> None:
    """S1."""
    board: PresenceBoard[str] = PresenceBoard()
    board.join("a1", ANA)
    board.join("a2", ANA)
    board.show(ANA, looking(1))
    assert deal(board) == {}


def test_who_comes_hears_of_all_and_all_hear_of_them() -> None:
    """S2."""
    board: PresenceBoard[str] = PresenceBoard()
    board.join("a", ANA)
    board.show(ANA, looking(1))
    deal(board)
    board.join("b", BEN)
    told = deal(board)
    assert told["b"][ANA] == looking(1)
    assert told["a"] == {BEN: Presence()}
    assert board.present == (ANA, BEN)


def test_a_member_has_left_when_their_last_page_has() -> None:
    """S2."""
    board: PresenceBoard[str] = PresenceBoard()
    for page, member_id in (("a", ANA), ("b1", BEN), ("b2", BEN)):
        board.join(page, member_id)
    deal(board)
    board.leave("b1")
    assert (deal(board), board.present) == ({}, (ANA, BEN))
    board.leave("b2")
    board.leave("b2")
    assert (deal(board), board.present) == ({"a": {BEN: None}}, (ANA,))


async def test_presence_is_never_logged(room: Room, tmp_path: Path) -> None:
    """S3."""
    before = room.revision
    board: PresenceBoard[str] = PresenceBoard()
    board.join("a", ANA)
    board.show(ANA, looking(123.456))
    assert room.revision == before
    assert all(b"123.456" not in content for content in contents(tmp_path))


moves = st.lists(
    st.tuples(
        st.sampled_from([ANA, BEN, OLE]),
        st.integers(0, 9),
        st.frozensets(st.sampled_from(["a", "b", "o", "listener"])),
    ),
    max_size=40,
)


@given(moves)
def test_whoever_takes_all_news_knows_the_latest_of_everybody_else(
    happened: list[tuple[MemberId, int, frozenset[str]]],
) -> None:
    """S1."""
    board: PresenceBoard[str] = PresenceBoard()
    owners = {"a": ANA, "b": BEN, "o": OLE, "listener": MemberId("eva")}
    known: dict[str, News] = {page: {} for page in owners}
    latest: News = {}
    for page, member_id in owners.items():
        board.join(page, member_id)
        latest[member_id] = Presence()
    for member_id, number, takers in happened:
        board.show(member_id, looking(number))
        latest[member_id] = looking(number)
        for page, news in deal(board, takers).items():
            known[page] |= news
    for page, news in deal(board).items():
        known[page] |= news
    for page, own_id in owners.items():
        others = {it: shown for it, shown in known[page].items() if it != own_id}
        assert others == {it: shown for it, shown in latest.items() if it != own_id}
