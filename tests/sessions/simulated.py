"""Members who plan at random, but with the room on their screens: most of what they ask is done."""

import struct
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Final

from msgspec.structs import replace

from imaging.space import Plane, RigidTransform, Vector
from sessions.errors import RejectedCommandError
from sessions.members import PALETTE, require_allowed, require_may_record
from sessions.plan.anatomy import applied_cuts
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AdjustCut,
    AdmitMember,
    AnyCommand,
    EditComment,
    EditNote,
    EditSegment,
    LockRecord,
    MergeRecords,
    MoveFragment,
    OpenBranch,
    OpenThread,
    RecordCut,
    Redo,
    RemoveComment,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    Rename,
    Reply,
    RequestReview,
    ResolveThread,
    SaveVersion,
    SendMessage,
    SignVersion,
    Undo,
    UnlockRecord,
)
from sessions.plan.merging import choices_between
from sessions.plan.records import (
    AboutRecord,
    BranchId,
    CommentId,
    CutId,
    FragmentId,
    Member,
    MemberId,
    MessageId,
    OperationId,
    Plan,
    RecordKind,
    RecordRef,
    Role,
    SegmentId,
    SolidId,
    ThreadId,
    VersionId,
    VersionState,
)
from sessions.plan.references import KINDS, records_of
from sessions.state import Asking, State, propose
from tests.sessions.scene import SETUP, SKULL, counted, measure, pieces, pin, place

CREW: Final = tuple(
    Member(member_id=MemberId(name.lower()), name=name, role=role, colour=PALETTE[0])
    for name, role in (
        ("Ana", Role.OWNER),
        ("Ben", Role.SURGEON),
        ("Cem", Role.SURGEON),
        ("Dee", Role.SURGEON),
        ("Eli", Role.TRAINEE),
    )
)

FURNISHING: Final = (*SETUP[:3], *(AdmitMember(member=member) for member in CREW))
"""The case, its segments, and the crew."""

ENOUGH: Final = 40
"""Records of a kind; more are removed than made from there on."""

MOST_CUTS: Final = 10
MOST_BRANCHES: Final = 4

_RENAMED: Final = ("cut", "measurement", "fragment")


class Mind:
    """What a member thinks of doing next.

    Parameters
    ----------
    random : Random
        Seeded, so that a failing run is run again.
    new_id : Callable
        Of records.
    """

    def __init__(self, random: Random, member_id: MemberId, new_id: Callable[[], str]) -> None:
        self._random = random
        self.member_id = member_id
        self._new_id = new_id

    def next_command(self, state: State, branch_id: BranchId) -> AnyCommand:
        """Return what the member asks, with a branch on the screen."""
        plan = state.lines[branch_id].plan
        thoughts: tuple[tuple[int, Callable[[], AnyCommand | None]], ...] = (
            (14, lambda: self._pin(plan)),
            (8, lambda: self._measure(plan)),
            (10, lambda: self._cut(plan)),
            (14, lambda: self._move(plan)),
            (8, lambda: self._describe(plan)),
            (12, Undo),
            (7, Redo),
            (4, lambda: self._lock(plan)),
            (9, lambda: self._talk(plan)),
            (3, lambda: self._version(state, plan)),
            (4, lambda: self._merge(state, plan)),
        )
        weights = [weight for weight, _ in thoughts]
        while True:
            _, think = self._random.choices(thoughts, weights)[0]
            command = think()
            if command is not None:
                return command

    def _pin(self, plan: Plan) -> AnyCommand:
        notes = sorted(plan.notes)
        act = self._random.random()
        if notes and act < 0.3:
            return EditNote(note_id=self._random.choice(notes), text=f"note {self._new_id()}")
        if notes and (act < 0.5 or len(notes) > ENOUGH):
            return RemoveNote(note_id=self._random.choice(notes))
        return pin(self._new_id(), self._solid(plan), self._point())

    def _measure(self, plan: Plan) -> AnyCommand:
        known = sorted(plan.measurements)
        if known and (self._random.random() < 0.3 or len(known) > ENOUGH):
            return RemoveMeasurement(measurement_id=self._random.choice(known))
        return measure(self._new_id(), self._point(), self._point(), self._solid(plan))

    def _cut(self, plan: Plan) -> AnyCommand:
        planes = sorted(key for key, cut in plan.cuts.items() if not cut.applied)
        act = self._random.random()
        if planes and act < 0.3:
            return AdjustCut(cut_id=self._random.choice(planes), plane=self._plane())
        if planes and act < 0.6:
            cut_id = self._random.choice(planes)
            return _pieces(cut_id, plan.cuts[cut_id].plane)
        if planes and (act < 0.7 or len(plan.cuts) > MOST_CUTS):
            return RemoveCut(cut_id=self._random.choice(planes))
        return place(CutId(self._new_id()), self._leaf(plan), self._plane())

    def _move(self, plan: Plan) -> AnyCommand | None:
        applied = applied_cuts(plan)
        leaves = sorted(key for key in plan.fragments if SolidId(key) not in applied)
        if not leaves:
            return None
        turn = RigidTransform.about_axis((0.3, 0.4, 0.5), self._random.uniform(-20, 20))
        place_now = RigidTransform(translation_mm=self._point()) @ turn
        return MoveFragment(
            fragment_id=FragmentId(self._random.choice(leaves)), transform=place_now
        )

    def _describe(self, plan: Plan) -> AnyCommand:
        ref = self._ref(plan)
        if ref is not None and ref.kind in _RENAMED and self._random.random() < 0.5:
            return Rename(ref=ref, name=f"Window {self._random.randrange(9)}")
        skull = SegmentId(SKULL)
        if self._random.random() < 0.5:
            return EditSegment(segment_id=skull, opacity=self._random.randrange(5) / 4)
        return EditSegment(segment_id=skull, name=f"Skull {self._random.randrange(3)}")

    def _lock(self, plan: Plan) -> AnyCommand | None:
        if plan.locks and self._random.random() < 0.7:
            held = plan.locks[self._random.choice(sorted(plan.locks))]
            return UnlockRecord(ref=held.ref)
        ref = self._ref(plan)
        return None if ref is None else LockRecord(ref=ref)

    def _talk(self, plan: Plan) -> AnyCommand:
        said, threads = f"said {self._new_id()}", sorted(plan.threads)
        if self._random.random() < 0.3:
            return SendMessage(message_id=MessageId(self._new_id()), text=said)
        if not threads or (len(threads) < ENOUGH and self._random.random() < 0.2):
            ref = self._ref(plan) or RecordRef(kind="segment", record_id=SKULL)
            return OpenThread(
                thread_id=ThreadId(self._new_id()),
                about=AboutRecord(ref=ref),
                comment_id=CommentId(self._new_id()),
                text=said,
            )
        return self._answer(plan, self._random.choice(threads), said)

    def _answer(self, plan: Plan, thread_id: ThreadId, said: str) -> AnyCommand:
        thread, act = plan.threads[thread_id], self._random.random()
        comment = self._random.choice(thread.comments)
        if act < 0.2:
            return ResolveThread(thread_id=thread_id, resolved=thread.resolved_by is None)
        if act < 0.4:
            return EditComment(thread_id=thread_id, comment_id=comment.comment_id, text=said)
        if act < 0.5 or len(thread.comments) > ENOUGH:
            return RemoveComment(thread_id=thread_id, comment_id=comment.comment_id)
        comment_id, mentions = CommentId(self._new_id()), (self.member_id,)
        return Reply(thread_id=thread_id, comment_id=comment_id, text=said, mentions=mentions)

    def _version(self, state: State, plan: Plan) -> AnyCommand:
        act, versions = self._random.random(), sorted(plan.versions)
        if not versions or (act < 0.3 and len(versions) < ENOUGH):
            return SaveVersion(version_id=VersionId(self._new_id()), name="plan")
        version = plan.versions[self._random.choice(versions)]
        if len(state.lines) < MOST_BRANCHES and act < 0.5:
            branch_id = BranchId(self._new_id())
            return OpenBranch(branch_id=branch_id, name="other", version_id=version.version_id)
        if version.state is VersionState.DRAFT:
            return RequestReview(version_id=version.version_id)
        return SignVersion(version_id=version.version_id, content_hash=version.content_hash)

    def _merge(self, state: State, plan: Plan) -> AnyCommand | None:
        if not state.kept:
            return None
        latest = sorted(state.kept, key=lambda it: plan.versions[it].number)[-5:]
        version_id = self._random.choice(latest)
        choices = choices_between(plan, state.kept[version_id].plan)
        if self._random.random() < 0.7:
            choices = tuple(it for it in choices if self._random.random() < 0.5)
        return MergeRecords(version_id=version_id, choices=choices)

    def _ref(self, plan: Plan) -> RecordRef | None:
        kind: RecordKind = self._random.choice(KINDS)
        ids = sorted(records_of(plan, kind))
        return RecordRef(kind=kind, record_id=self._random.choice(ids)) if ids else None

    def _solid(self, plan: Plan) -> SolidId:
        return SolidId(self._random.choice([SKULL, *sorted(plan.fragments)]))

    def _leaf(self, plan: Plan) -> SolidId:
        applied = applied_cuts(plan)
        leaves = [it for it in (SKULL, *sorted(plan.fragments)) if SolidId(it) not in applied]
        return SolidId(self._random.choice(leaves))

    def _point(self) -> Vector:
        x, y, z = (round(self._random.uniform(-10, 10), 3) for _ in range(3))
        return (x, y, z)

    def _plane(self) -> Plane:
        """Return a level plane close to the middle, where every piece is."""
        return Plane((0.0, 0.0, round(self._random.uniform(-1, 1), 6)), (0.0, 0.0, 1.0))


def _pieces(cut_id: CutId, plane: Plane) -> RecordCut:
    """Return the pieces along a plane: along another one they are others."""
    command = replace(pieces(cut_id), plane=plane)
    height = struct.pack("<d", plane.origin[2])
    positive, negative = (sha256(cut_id.encode() + height + it).hexdigest() for it in (b"+", b"-"))
    return replace(
        command,
        positive=replace(command.positive, sha256=positive),
        negative=replace(command.negative, sha256=negative),
    )


def simulate(seed: int, count: int) -> State:
    """Return what a crew made of an empty room in so many commands, one after the other."""
    random, new_id = Random(seed), counted()
    state = State()
    for command in FURNISHING:
        state = _asked(state, Asking(SYSTEM, OperationId(new_id()), command))
    minds = [Mind(random, member.member_id, new_id) for member in CREW]
    for _ in range(count):
        member, mind = random.choice(list(zip(CREW, minds, strict=True)))
        branch_id = random.choice(list(state.lines))
        thought = mind.next_command(state, branch_id)
        state = _asked(state, Asking(member.member_id, OperationId(new_id()), thought, branch_id))
    return state


def _asked(state: State, asking: Asking) -> State:
    check = require_may_record if isinstance(asking.command, RecordCut) else require_allowed
    try:
        check(state.plan, asking.member_id, asking.command)
        step = propose(state, asking, "2026-01-02T03:04:05.000Z")
    except RejectedCommandError:
        return state
    return state if step is None else step.state
