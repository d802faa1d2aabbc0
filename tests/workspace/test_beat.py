"""Presence is told at once where it can be, and never oftener than the room can carry."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
import pytest

from sessions.plan.records import MemberId
from sessions.presence import PresenceBoard
from sessions.protocol import Presence, PresenceUpdate, ServerMessage
from workspace.server.beat import MAX_PARTS, Beat
from workspace.server.metrics import Metrics
from workspace.server.rhythm import BEAT_S

ANA, BEN, CEM = MemberId("ana"), MemberId("ben"), MemberId("cem")
WITHIN_S = 10.0


@dataclass(eq=False)
class Page:
    """Takes frames, or does not."""

    keeps_up: bool = True
    told: list[PresenceUpdate] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, frame: bytes) -> None:
        messages = msgspec.json.decode(frame[frame.index(b"[") :], type=list[ServerMessage])
        self.told += [it for it in messages if isinstance(it, PresenceUpdate)]
        self.woken.set()

    async def hears(self, member_id: MemberId, presence: Presence) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not any(it.members.get(member_id) == presence for it in self.told):
                self.woken.clear()
                await self.woken.wait()


class Room:
    """Three members with a page each, who know of each other."""

    def __init__(self) -> None:
        self.board: PresenceBoard[Page] = PresenceBoard()
        self.beat: Beat[Page] = Beat(self.board, Metrics())
        self.pages = {it: Page() for it in (ANA, BEN, CEM)}
        for member_id, page in self.pages.items():
            self.board.join(page, member_id)
        self.board.deal(lambda _: True)

    def move(self, member_id: MemberId, number: float) -> Presence:
        presence = Presence(lag_ms=number)
        self.board.show(member_id, presence)
        self.beat.moved(member_id)
        return presence


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    yield room
    room.beat.stop()


async def test_one_who_moves_alone_is_told_at_once(room: Room) -> None:
    presence = room.move(ANA, 1)
    assert [it.members for it in room.pages[BEN].told] == [{ANA: presence}]
    assert room.pages[ANA].told == []


async def test_all_hear_of_all_that_moved_in_one_frame(room: Room) -> None:
    room.move(ANA, 1)
    shown = {it: room.move(it, 2) for it in (ANA, BEN, CEM)}
    for page in room.pages.values():
        await page.hears(CEM, shown[CEM])
        assert page.told[-1].members == shown


async def test_a_page_that_never_pauses_is_passed_on_at_the_beat_only(room: Room) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(2000):
        last = room.move(ANA, number)
        await asyncio.sleep(0)
    await room.pages[BEN].hears(ANA, last)
    parts = (loop.time() - began) / (BEAT_S / MAX_PARTS)
    assert len(room.pages[BEN].told) <= parts / 0.75 + 2


async def test_who_is_owed_something_gets_it_as_soon_as_they_keep_up(room: Room) -> None:
    slow = room.pages[CEM]
    slow.keeps_up = False
    room.move(ANA, 1)
    last = room.move(ANA, 2)
    await room.pages[BEN].hears(ANA, last)
    assert slow.told == []
    slow.keeps_up = True
    await slow.hears(ANA, last)
    assert len(slow.told) == 1


async def test_who_comes_and_goes_is_told_without_anybody_moving(room: Room) -> None:
    room.board.leave(room.pages[CEM])
    room.beat.changed()
    async with asyncio.timeout(WITHIN_S):
        await room.pages[BEN].woken.wait()
    assert room.pages[BEN].told[-1].members == {CEM: None}
