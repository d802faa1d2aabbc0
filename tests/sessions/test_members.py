"""Who may ask what."""

from typing import get_args

import pytest
from msgspec.structs import replace

from sessions.errors import ForbiddenError, RejectedCommandError
from sessions.members import (
    ALLOWED,
    PALETTE,
    may,
    next_colour,
    permissions_of,
    require_allowed,
    require_may_record,
)
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AdmitMember,
    AnyCommand,
    ChangeRole,
    DismissMember,
    MemberCommand,
    ReceiveImaging,
    RecordFindings,
    RecordFrames,
    Redo,
    ServerCommand,
    Undo,
)
from sessions.plan.findings import Basis, Findings
from sessions.plan.records import (
    Imaging,
    ImagingId,
    MarkupId,
    MemberId,
    OperationId,
    Plan,
    Role,
)
from sessions.room import Room
from tests.sessions.conftest import Do
from tests.sessions.every_command import EVERY_MEMBER_COMMAND
from tests.sessions.scene import (
    ANA,
    BEN,
    MEMBERS,
    OLE,
    SETUP,
    SOURCE,
    pieces,
    pin,
    place,
)

_TALK = "open_thread reply edit_comment remove_comment resolve_thread send_message"
_PINNING = (
    "pin_note edit_note remove_note measure_distance remove_measurement undo redo "
    "place_markup edit_markup remove_markup share_clipping"
)
_MODEL = "edit_segment rename lock_record unlock_record save_version request_review return_to_draft"
_PLANES = "place_cut adjust_cut remove_cut"
_SURGERY = "apply_cut move_fragment open_branch merge_records sign_version"
WRITTEN_OUT = {
    Role.OWNER: set(
        f"{_TALK} {_PINNING} {_MODEL} {_PLANES} {_SURGERY} confirm_imaging change_role "
        "dismiss_member".split()
    ),
    Role.SURGEON: set(f"{_TALK} {_PINNING} {_MODEL} {_PLANES} {_SURGERY} confirm_imaging".split()),
    Role.RADIOLOGIST: set(f"{_TALK} {_PINNING} {_MODEL} confirm_imaging".split()),
    Role.TRAINEE: set(f"{_TALK} {_PINNING} {_PLANES}".split()),
    Role.OBSERVER: set[str](),
    Role.PATIENT: set[str](),
}
"""The table once more, by hand: a role that gains a command by mistake is found."""

PLAN = Plan(members={member.member_id: member for member in MEMBERS})

FOR_OWNERS = (ChangeRole, DismissMember)
NEWER_IMAGES = Imaging(imaging_id=ImagingId("i1"), source=SOURCE, received_at="2026-01-02")
EVERY_SERVER_COMMAND: tuple[AnyCommand, ...] = (
    *SETUP,
    pieces(),
    ReceiveImaging(imaging=NEWER_IMAGES),
    RecordFindings(markup_id=MarkupId("k1"), findings=Findings(basis=Basis())),
    RecordFrames(frames=()),
)


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


@pytest.mark.parametrize("command", EVERY_MEMBER_COMMAND)
def test_owners_may_do_everything_and_surgeons_all_but_choose_people(command: AnyCommand) -> None:
    """M3."""
    require_allowed(PLAN, ANA, command)
    if isinstance(command, FOR_OWNERS):
        with pytest.raises(ForbiddenError):
            require_allowed(PLAN, BEN, command)
    else:
        require_allowed(PLAN, BEN, command)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", EVERY_MEMBER_COMMAND)
def test_what_is_not_in_the_table_is_forbidden(role: Role, command: AnyCommand) -> None:
    """M1."""
    plan = Plan(members={BEN: replace(MEMBERS[1], role=role)})
    tag = type(command).__struct_config__.tag
    if tag in WRITTEN_OUT[role]:
        require_allowed(plan, BEN, command)
    else:
        with pytest.raises(ForbiddenError, match=f"as {role.value} you may not do this"):
            require_allowed(plan, BEN, command)


def test_who_was_dismissed_may_ask_nothing() -> None:
    """M8."""
    plan = replace(PLAN, dismissed={BEN: "2026-01-02"})
    with pytest.raises(ForbiddenError, match="no longer a member"):
        require_allowed(plan, BEN, pin())


def test_a_page_is_told_what_its_role_may_do() -> None:
    """M9."""
    assert permissions_of(Role.PATIENT) == ()
    assert permissions_of(Role.OBSERVER) == ("see_images", "see_talk")
    trainees = {"present", "see_talk", "see_images"}
    assert set(permissions_of(Role.TRAINEE)) == WRITTEN_OUT[Role.TRAINEE] | trainees
    assert {"invite", "export", "change_role"} <= set(permissions_of(Role.OWNER))
    assert not may(Role.SURGEON, "invite")


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


async def test_a_room_keeps_an_owner(room: Room, do: Do) -> None:
    """M10."""
    only = "Ana is the room's only owner; make somebody else an owner first"
    step_down = ChangeRole(member_id=ANA, expected=Role.OWNER, role=Role.SURGEON)
    for command in (step_down, DismissMember(member_id=ANA)):
        with pytest.raises(RejectedCommandError, match=only):
            await do(ANA, command)
    lesser = AdmitMember(member=replace(MEMBERS[0], role=Role.TRAINEE))
    with pytest.raises(RejectedCommandError, match=only):
        await do(SYSTEM, lesser)
    await do(ANA, ChangeRole(member_id=BEN, expected=Role.SURGEON, role=Role.OWNER))
    await do(ANA, step_down)
    assert room.plan.members[ANA].role is Role.SURGEON
    with pytest.raises(RejectedCommandError, match="Ben is the room's only owner"):
        await do(BEN, DismissMember(member_id=BEN))


async def test_a_dismissed_owner_is_none(do: Do) -> None:
    """M10."""
    await do(ANA, ChangeRole(member_id=BEN, expected=Role.SURGEON, role=Role.OWNER))
    await do(ANA, DismissMember(member_id=BEN))
    with pytest.raises(RejectedCommandError, match="only owner"):
        await do(ANA, DismissMember(member_id=ANA))


async def test_a_role_is_changed_from_what_it_is(room: Room, do: Do) -> None:
    """M11."""
    change = ChangeRole(member_id=BEN, expected=Role.TRAINEE, role=Role.OWNER)
    with pytest.raises(RejectedCommandError, match="Ben is surgeon by now; look again"):
        await do(ANA, change)
    same = ChangeRole(member_id=BEN, expected=Role.TRAINEE, role=Role.SURGEON)
    assert (await do(ANA, same)).entry is None
    with pytest.raises(RejectedCommandError, match="no such member"):
        await do(ANA, replace(change, member_id=MemberId("eve")))
    await do(ANA, DismissMember(member_id=BEN))
    assert (await do(ANA, DismissMember(member_id=BEN))).entry is None
    with pytest.raises(RejectedCommandError, match="Ben is no longer a member of this room"):
        await do(ANA, replace(change, expected=Role.SURGEON))
    await do(SYSTEM, AdmitMember(member=MEMBERS[1]))
    assert BEN not in room.plan.dismissed


async def test_who_was_dismissed_leaves_what_they_did(room: Room, do: Do) -> None:
    """M8."""
    await do(BEN, pin())
    await do(ANA, DismissMember(member_id=BEN))
    assert room.plan.notes
    assert room.view()["members"]["ben"]["dismissed"]
    assert room.view()["notes"]["n1"]["author_name"] == "Ben"
    with pytest.raises(ForbiddenError, match="no longer a member"):
        await do(BEN, Undo())


async def test_who_may_no_longer_cut_takes_no_cut_back(room: Room, do: Do) -> None:
    """M12."""
    await do(BEN, pin())
    await do(BEN, place())
    await do(BEN, pieces())
    change = ChangeRole(member_id=BEN, expected=Role.SURGEON, role=Role.TRAINEE)
    await do(ANA, change)
    with pytest.raises(ForbiddenError, match="as trainee you may no longer do this or take it"):
        await do(BEN, Undo())
    back = ChangeRole(member_id=BEN, expected=Role.TRAINEE, role=Role.SURGEON)
    await do(ANA, back)
    await do(BEN, Undo())
    await do(ANA, change)
    with pytest.raises(ForbiddenError, match="as trainee you may no longer"):
        await do(BEN, Redo())
    for _ in range(2):  # a plane and a note a trainee may place, and take back
        await do(BEN, Undo())
    assert not room.plan.cuts
    assert not room.plan.notes
