"""What members do right now, over real sockets: shown to the others, never recorded."""

from typing import Any

from sessions.plan.records import MAIN, BranchId, CutId, Role
from sessions.protocol import (
    Cursor,
    DraggedPlane,
    Ping,
    Pong,
    Presence,
    PresenceUpdate,
)
from tests.sessions.scene import MIDDLE, place
from tests.workspace.served_room import Guest, Served


async def test_an_observer_cannot_seem_to_move_things(server: Served) -> None:
    dragging = DraggedPlane(cut_id=CutId("c1"), plane=MIDDLE)
    async with (
        Guest.joining(server, Role.SURGEON, "Ben") as ben,
        Guest.joining(server, Role.OBSERVER, "Ole") as ole,
        ben.in_room() as at_ben,
        ole.in_room() as at_ole,
    ):
        await at_ben.done(place("c1", "bone"))
        await at_ole.say(Presence(tool="cut", dragging=dragging))
        assert (await presence_of(at_ben, ole, "cut")).dragging is None
        await at_ben.say(Presence(tool="cut", dragging=dragging))
        assert (await presence_of(at_ole, ben, "cut")).dragging == dragging


async def presence_of(line: Any, member: Guest, tool: str) -> Presence:  # noqa: ANN401 (a `Line`)
    """Wait until a member is seen with a tool in hand."""
    while True:
        shown = (await line.hear(PresenceUpdate)).members.get(member.member_id)
        if shown is not None and shown.tool == tool:
            assert isinstance(shown, Presence)
            return shown


async def test_of_presence_the_latest_wins_and_nobody_is_sent_only_their_own(
    server: Served,
) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        revision = (await server.hosted()).room.revision
        for number in range(300):
            point = (float(number), 0.0, 0.0)
            await at_ana.say(Presence(cursor=Cursor(solid_id="bone", point_mm=point)))  # type: ignore[arg-type]
        await at_ana.say(Presence(tool="move"))
        await presence_of(at_ben, ana, "move")
        updates = [it for it in at_ben.heard if isinstance(it, PresenceUpdate)]
        assert len(updates) < 100  # of 300: some were never sent
        await at_ana.say(Ping(sent_ms=5.0))
        assert (await at_ana.hear(Pong)).sent_ms == 5.0
        told = [it for it in at_ana.heard if isinstance(it, PresenceUpdate)]
        assert all(set(it.members) != {ana.member_id} for it in told)
        assert (await server.hosted()).room.revision == revision


async def test_a_member_is_seen_on_the_branch_that_their_page_shows(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        await at_ana.say(Presence(tool="note", branch_id=BranchId("nowhere")))
        assert (await presence_of(at_ben, ana, "note")).branch_id == MAIN


async def test_who_leaves_is_seen_to_leave(server: Served) -> None:
    async with Guest.joining(server, name="Ana") as ana, ana.in_room() as at_ana:
        async with Guest.joining(server, name="Ben") as ben, ben.in_room():
            while ben.member_id not in (await at_ana.hear(PresenceUpdate)).members:
                pass
        while (await at_ana.hear(PresenceUpdate)).members.get(ben.member_id, 0) is not None:
            pass
