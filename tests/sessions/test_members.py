"""Who may ask what."""

from typing import get_args

import pytest
from msgspec.structs import replace

from imaging.space import RigidTransform
from sessions.errors import ForbiddenError
from sessions.members import ALLOWED, PALETTE, next_colour, require_allowed, require_may_record
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AdjustCut,
    AnyCommand,
    ApplyCut,
    EditNote,
    MemberCommand,
    Redo,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    ServerCommand,
    Undo,
)
from sessions.plan.records import MeasurementId, MemberId, NoteId, OperationId, Plan, Role
from sessions.room import Room
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    MEMBERS,
    MIDDLE,
    OLE,
    SETUP,
    measure,
    move,
    pieces,
    pin,
    place,
)

PLAN = Plan(members={member.member_id: member for member in MEMBERS})

EVERY_MEMBER_COMMAND: tuple[AnyCommand, ...] = (
    pin(),
    EditNote(note_id=NoteId("n1"), text="x"),
    RemoveNote(note_id=NoteId("n1")),
    measure(),
    RemoveMeasurement(measurement_id=MeasurementId("m1")),
    place(),
    AdjustCut(cut_id=CUT, plane=MIDDLE),
    RemoveCut(cut_id=CUT),
    ApplyCut(cut_id=CUT),
    move(RigidTransform()),
    Undo(),
    Redo(),
)
EVERY_SERVER_COMMAND: tuple[AnyCommand, ...] = (*SETUP, pieces())


def test_every_command_is_tried() -> None:
    """M1."""
    assert {type(it) for it in EVERY_MEMBER_COMMAND} == set(get_args(MemberCommand))
    assert {type(it) for it in EVERY_SERVER_COMMAND} == set(get_args(ServerCommand))
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("command", [*EVERY_MEMBER_COMMAND, *EVERY_SERVER_COMMAND])
async def test_an_observer_may_ask_nothing(room: Room, command: MemberCommand) -> None:
    """M2."""
    before = room.state_hash
    with pytest.raises(ForbiddenError, match="as observer you may not do this"):
        await room.submit(OLE, OperationId("op"), command)
    assert room.state_hash == before
    with pytest.raises(ForbiddenError):
        await room.record(OLE, OperationId("op"), pieces())


@pytest.mark.parametrize("member_id", [ANA, BEN])
@pytest.mark.parametrize("command", EVERY_MEMBER_COMMAND)
def test_owners_and_surgeons_may_plan(member_id: MemberId, command: AnyCommand) -> None:
    """M3."""
    require_allowed(PLAN, member_id, command)


@pytest.mark.parametrize("member_id", [ANA, BEN, OLE])
@pytest.mark.parametrize("command", EVERY_SERVER_COMMAND)
def test_no_member_may_ask_what_is_the_servers(member_id: MemberId, command: AnyCommand) -> None:
    """M4."""
    with pytest.raises(ForbiddenError):
        require_allowed(PLAN, member_id, command)


@pytest.mark.parametrize("command", EVERY_MEMBER_COMMAND)
def test_the_server_plans_nothing(command: AnyCommand) -> None:
    """M4."""
    with pytest.raises(ForbiddenError, match="the server plans nothing"):
        require_allowed(PLAN, SYSTEM, command)


@pytest.mark.parametrize("command", EVERY_SERVER_COMMAND)
def test_the_server_may_ask_what_is_its_own(command: AnyCommand) -> None:
    """M4."""
    require_allowed(PLAN, SYSTEM, command)
    require_may_record(PLAN, SYSTEM, command)


def test_for_a_member_the_server_records_cuts_only() -> None:
    """M5."""
    require_may_record(PLAN, BEN, pieces())
    for command in (*SETUP, *EVERY_MEMBER_COMMAND):
        with pytest.raises(ForbiddenError):
            require_may_record(PLAN, BEN, command)


@pytest.mark.parametrize("command", [*EVERY_MEMBER_COMMAND, *EVERY_SERVER_COMMAND])
def test_who_is_no_member_may_ask_nothing(command: AnyCommand) -> None:
    """M2."""
    with pytest.raises(ForbiddenError, match="you are not a member of this room"):
        require_allowed(PLAN, MemberId("eve"), command)


async def test_a_role_that_was_taken_away_counts_at_the_next_command(room: Room) -> None:
    """M2."""
    await room.submit(BEN, OperationId("op1"), pin())
    demoted = replace(MEMBERS[1], role=Role.OBSERVER)
    await room.submit(SYSTEM, OperationId("op2"), replace(SETUP[-1], member=demoted))
    for command in (pin("n2"), Undo()):
        with pytest.raises(ForbiddenError):
            await room.submit(BEN, OperationId("op3"), command)


def test_colours_go_round_in_the_order_of_joining() -> None:
    """M7."""
    plan = Plan()
    given = []
    for number in range(8):
        given.append(next_colour(plan))
        member = replace(MEMBERS[0], member_id=MemberId(f"m{number}"))
        plan = replace(plan, members={**plan.members, member.member_id: member})
    assert given == [*PALETTE, *PALETTE[:2]]
