"""Versions: saved, reviewed, signed by two, superseded, stale."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AddSegment,
    AdmitMember,
    AnyCommand,
    ConfirmImaging,
    LockRecord,
    OpenBranch,
    ReceiveImaging,
    RequestReview,
    ReturnToDraft,
    SaveVersion,
    SendMessage,
    SignVersion,
    Undo,
)
from sessions.plan.content import content_hash
from sessions.plan.evolving import evolve_all
from sessions.plan.records import (
    MAIN,
    BranchId,
    Imaging,
    ImagingId,
    Member,
    MemberId,
    MessageId,
    OperationId,
    Plan,
    RecordRef,
    Role,
    Version,
    VersionId,
    VersionState,
)
from sessions.plan.rules import PlanCommand, decide
from sessions.plan.status import status_of
from sessions.plan.versioning import MAX_BRANCHES, MAX_IMAGING, MAX_VERSIONS
from sessions.room import Room
from sessions.state import Asking, State, propose
from tests.sessions.conftest import Do
from tests.sessions.deciding import AT, after
from tests.sessions.scene import ANA, BEN, SETUP, SKULL, SOURCE, pin, segment
from tests.sessions.strategies import Wish, wishes

V1, V2 = VersionId("v1"), VersionId("v2")
CEM = MemberId("cem")
I1 = Imaging(imaging_id=ImagingId("i1"), source=replace(SOURCE, volume_id="n"), received_at="2026")


def save(version_id: str = "v1", name: str = "posterior") -> SaveVersion:
    return SaveVersion(version_id=VersionId(version_id), name=name)


def review(version_id: str = "v1") -> RequestReview:
    return RequestReview(version_id=VersionId(version_id))


def sign(plan: Plan, version_id: str = "v1") -> SignVersion:
    return SignVersion(
        version_id=VersionId(version_id),
        content_hash=plan.versions[VersionId(version_id)].content_hash,
    )


def refused(plan: Plan, command: PlanCommand, reason: str, by: MemberId = ANA) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, command, by=by, at=AT)


def approved(plan: Plan, version_id: str = "v1") -> Plan:
    plan = after(plan, save(version_id), review(version_id))
    return after(after(plan, sign(plan, version_id)), sign(plan, version_id), by=BEN)


def states(plan: Plan) -> dict[str, str]:
    return {str(key): it.state.value for key, it in plan.versions.items()}


def test_a_version_is_the_branch_as_it_is_under_a_name_and_a_number(plan: Plan) -> None:
    """N1."""
    plan = after(after(plan, pin()), save(), by=BEN)
    version = plan.versions[V1]
    assert (version.number, version.author_id, version.created_at) == (1, BEN, AT)
    assert version.content_hash == content_hash(plan)
    assert after(plan, save("v2")).versions[V2].number == 2
    assert decide(plan, save(), by=BEN, at=AT) == ()
    refused(plan, save(), "a version of that id exists already", by=ANA)
    refused(after(plan, pin("n2")), save(), "a version of that id exists already", by=BEN)


def test_what_is_no_name_is_refused_and_there_must_be_a_case(plan: Plan) -> None:
    """N1."""
    refused(plan, save("a b"), "the id of the version")
    refused(plan, save(name=""), "the version's name must have")
    refused(plan, replace(save(), description="x" * 2001), "the description must have")
    refused(replace(plan, source=None), save(), "there is no case in this room yet")


def test_versions_branches_and_images_have_their_bounds(plan: Plan) -> None:
    """N1."""
    saved = after(plan, save())
    version = saved.versions[V1]
    many = {VersionId(f"x{it}"): version for it in range(MAX_VERSIONS)}
    refused(replace(plan, versions=many), save(), f"the room holds {MAX_VERSIONS} versions")
    opening = OpenBranch(branch_id=BranchId("b1"), name="other", version_id=V1)
    branch = after(saved, opening).branches[BranchId("b1")]
    branches = {BranchId(f"x{it}"): branch for it in range(MAX_BRANCHES)}
    refused(replace(saved, branches=branches), opening, f"holds {MAX_BRANCHES} branches")
    images = {ImagingId(f"x{it}"): I1 for it in range(MAX_IMAGING)}
    refused(replace(plan, imaging=images), ReceiveImaging(imaging=I1), "open another one")


def test_the_second_persons_signature_approves(plan: Plan) -> None:
    """N2."""
    plan = after(plan, save(), review())
    assert states(plan) == {"v1": "in_review"}
    once = after(plan, sign(plan))
    assert states(once) == {"v1": "in_review"}
    twice = after(once, sign(plan), by=BEN)
    assert states(twice) == {"v1": "approved"}
    signed = twice.versions[V1].signatures
    assert [(it.name, it.role, it.at) for it in signed] == [
        ("Ana", Role.OWNER, AT),
        ("Ben", Role.SURGEON, AT),
    ]
    assert {it.content_hash for it in signed} == {content_hash(plan)}


def test_one_person_signs_once_also_under_a_second_membership(plan: Plan) -> None:
    """N3."""
    plan = after(plan, save(), review())
    once = after(plan, sign(plan))
    assert decide(once, sign(plan), by=ANA, at=AT) == ()
    double = Member(member_id=CEM, name=" ana ", role=Role.SURGEON, colour="#35a7ff")
    once = after(once, AdmitMember(member=double), by=SYSTEM)
    refused(once, sign(plan), r"has signed v1 \(posterior\) already; a second person", by=CEM)


def test_what_is_signed_is_what_was_looked_at(plan: Plan) -> None:
    """N4."""
    plan = after(plan, save(), review())
    other = SignVersion(version_id=V1, content_hash="0" * 64)
    refused(plan, other, "is not what you looked at; look at it again")
    refused(plan, replace(other, version_id=V2), "there is no such version")


@pytest.mark.parametrize("state", VersionState)
def test_only_what_is_in_its_turn_is_reviewed_signed_or_returned(
    plan: Plan, state: VersionState
) -> None:
    """N5."""
    saved = after(plan, save())
    known = replace(saved.versions[V1], state=state)
    now = replace(saved, versions={V1: known})
    expected = {
        VersionState.DRAFT: ("events", "only a version in review is signed", "nothing"),
        VersionState.IN_REVIEW: ("nothing", "events", "events"),
    }.get(state, ("save the plan as a new version", "only a version in review", "only a version"))
    returning = ReturnToDraft(version_id=V1, reason="mind the artery")
    commands: tuple[PlanCommand, ...] = (review(), sign(now), returning)
    for command, outcome in zip(commands, expected, strict=True):
        if outcome in {"events", "nothing"}:
            assert bool(decide(now, command, by=ANA, at=AT)) == (outcome == "events")
        else:
            refused(now, command, outcome)


def test_going_back_to_draft_voids_the_signatures_and_says_why(plan: Plan) -> None:
    """N5."""
    plan = after(plan, save(), review())
    signed = after(plan, sign(plan))
    refused(signed, ReturnToDraft(version_id=V1, reason=" "), "the reason must have")
    returned = after(signed, ReturnToDraft(version_id=V1, reason="mind the artery"), by=BEN)
    assert states(returned) == {"v1": "draft"}
    assert returned.versions[V1].signatures == ()
    again = after(after(returned, review()), sign(plan), by=BEN)
    assert states(again) == {"v1": "in_review"}  # Ana's signature counts no more


def test_a_room_has_one_approved_version(plan: Plan) -> None:
    """N6."""
    plan = approved(after(approved(plan), pin()), "v2")
    assert states(plan) == {"v1": "superseded", "v2": "approved"}
    assert len(plan.versions[V1].signatures) == 2  # still on record


@pytest.mark.parametrize("edit", [pin(), AddSegment(segment=segment("s2", "Liver"))])
def test_an_edit_after_approval_makes_the_branch_an_unsigned_draft(
    plan: Plan, edit: PlanCommand
) -> None:
    """N7; the last of the abuse list's: a plan edited after approval."""
    plan = approved(plan)
    status = status_of(plan)
    assert (status.state, status.version_id) == (VersionState.APPROVED, V1)
    assert status.label == "v1 (posterior), approved"
    version = plan.versions[V1]
    edited = after(plan, edit)
    status = status_of(edited)
    assert (status.state, status.version_id) == (VersionState.DRAFT, None)
    assert status.label == "Draft after v1 (posterior)"
    assert edited.versions[V1] == version
    assert version.content_hash != content_hash(edited)
    saved = after(edited, save("v2"))
    assert (saved.versions[V2].state, saved.versions[V2].signatures) == (VersionState.DRAFT, ())
    assert saved.versions[V1] == version


def test_talk_and_locks_are_no_edits(plan: Plan) -> None:
    """N7."""
    plan = approved(plan)
    lock = LockRecord(ref=RecordRef(kind="segment", record_id=SKULL))
    said = after(plan, lock, SendMessage(message_id=MessageId("h1"), text="done"))
    assert status_of(said).state is VersionState.APPROVED


async def test_taking_the_edit_back_does_not_bring_the_approval_back(room: Room, do: Do) -> None:
    """N7."""
    await do(ANA, save())
    await do(ANA, review())
    for member_id in (ANA, BEN):
        await do(member_id, sign(room.plan))
    await do(BEN, pin())
    await do(BEN, Undo())
    assert content_hash(room.plan) == room.plan.versions[V1].content_hash
    assert room.view()["status"]["status"]["label"] == "Draft after v1 (posterior)"


def signed_room() -> State:
    """Return a room whose first version was approved, as a state."""
    state = State()
    commands: list[tuple[MemberId, AnyCommand]] = [(SYSTEM, it) for it in SETUP]
    commands += [(ANA, pin()), (ANA, save()), (ANA, review())]
    for number, (member_id, command) in enumerate(commands):
        state = _done(state, member_id, command, f"s{number}")
    for member_id in (ANA, BEN):
        state = _done(state, member_id, sign(state.plan), f"sign-{member_id}")
    return _done(
        state, BEN, OpenBranch(branch_id=BranchId("b1"), name="x", version_id=V1), "branch"
    )


def _done(
    state: State, member_id: MemberId, command: AnyCommand, number: str, branch: BranchId = MAIN
) -> State:
    step = propose(state, Asking(member_id, OperationId(number), command, branch), AT)
    return state if step is None else step.state


SIGNED = signed_room()


@settings(deadline=None, max_examples=80)
@given(st.lists(wishes, max_size=25))
def test_whatever_is_done_an_approved_version_stays_as_it_was_signed(
    happened: Sequence[Wish],
) -> None:
    """N8."""
    state = SIGNED
    first, content = state.plan.versions[V1], content_hash(state.kept[V1].plan)
    for number, wish in enumerate(happened):
        member_id, branch_id, command = wish.on_screen(state)
        try:
            state = _done(state, member_id, command, f"op{number}", branch_id)
        except RejectedCommandError:
            continue
        version = state.plan.versions[V1]
        assert replace(version, state=first.state) == first
        assert version.state in {
            VersionState.APPROVED,
            VersionState.SUPERSEDED,
            VersionState.STALE,
        }
        assert content_hash(state.kept[V1].plan) == content == first.content_hash
        for line in state.lines.values():
            _require_honest(line.plan, state.plan.versions)


def _require_honest(plan: Plan, versions: dict[VersionId, Version]) -> None:
    """Check that a branch which is said to be a version is it, to the last digit."""
    status = status_of(plan)
    if status.version_id is not None:
        assert content_hash(plan) == versions[status.version_id].content_hash
        assert status.state is versions[status.version_id].state
    else:
        assert status.state in {VersionState.DRAFT, VersionState.STALE}
    for version in versions.values():
        assert version.signatures == () or {it.content_hash for it in version.signatures} == {
            version.content_hash
        }
        signers = [it.member_id for it in version.signatures]
        assert len(signers) == len(set(signers))
        if version.state is VersionState.APPROVED:
            assert len(signers) == 2


def test_newer_images_make_every_version_that_counts_stale(plan: Plan) -> None:
    """N9."""
    plan = approved(plan)
    plan = after(plan, save("v2"), save("v3"), review("v3"))
    stale = evolve_all(plan, decide(plan, ReceiveImaging(imaging=I1), by=SYSTEM, at=AT))
    assert states(stale) == {"v1": "stale", "v2": "stale", "v3": "stale"}
    assert len(stale.versions[V1].signatures) == 2
    assert status_of(stale).newer_imaging
    assert decide(stale, ReceiveImaging(imaging=I1), by=SYSTEM, at=AT) == ()
    other = ReceiveImaging(imaging=replace(I1, source=SOURCE))
    refused(stale, other, "images of that id were received already", by=SYSTEM)


def test_what_is_saved_over_newer_images_is_stale_until_somebody_confirms_them(plan: Plan) -> None:
    """N10."""
    plan = after(plan, ReceiveImaging(imaging=I1), by=SYSTEM)
    assert status_of(plan).label == "Draft, stale"
    over = after(plan, save())
    assert states(over) == {"v1": "stale"}
    refused(over, review(), "is stale; save the plan as a new version")
    confirmed = after(over, ConfirmImaging(imaging_id=I1.imaging_id), by=BEN)
    assert confirmed.imaging[I1.imaging_id].confirmed_by == BEN
    assert not status_of(confirmed).newer_imaging
    assert states(after(confirmed, save("v2"))) == {"v1": "stale", "v2": "draft"}
    again = ConfirmImaging(imaging_id=I1.imaging_id)
    assert decide(confirmed, again, by=ANA, at=AT) == ()
    refused(plan, ConfirmImaging(imaging_id=ImagingId("i9")), "there are no such images")


def test_all_newer_images_are_to_be_confirmed(plan: Plan) -> None:
    """N10."""
    second = replace(I1, imaging_id=ImagingId("i2"), received_at="2027")
    plan = after(plan, ReceiveImaging(imaging=I1), ReceiveImaging(imaging=second), by=SYSTEM)
    plan = after(plan, ConfirmImaging(imaging_id=second.imaging_id))
    assert status_of(plan).newer_imaging
    plan = after(plan, ConfirmImaging(imaging_id=I1.imaging_id))
    assert not status_of(plan).newer_imaging
