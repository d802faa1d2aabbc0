"""Random plans: events that make no sense, and commands that mostly do."""

import math
from typing import NamedTuple

from hypothesis import strategies as st
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.carrying import basis_of
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AddSegment,
    AdjustCut,
    AnyCommand,
    ChangeRole,
    ConfirmImaging,
    DismissMember,
    EditComment,
    EditMarkup,
    EditNote,
    EditSegment,
    LockRecord,
    MergeRecords,
    OpenBranch,
    OpenThread,
    ReceiveImaging,
    RecordCut,
    RecordFindings,
    RecordFrames,
    Redo,
    RemoveComment,
    RemoveCut,
    RemoveMarkup,
    RemoveMeasurement,
    RemoveNote,
    Rename,
    Reply,
    RequestReview,
    ResolveThread,
    ReturnToDraft,
    SaveVersion,
    SendMessage,
    ShareClipping,
    SignVersion,
    Undo,
    UnlockRecord,
)
from sessions.plan.findings import Basis, Findings
from sessions.plan.merging import choices_between
from sessions.plan.records import (
    MAIN,
    AboutPoint,
    AboutRecord,
    Anchor,
    BranchId,
    CommentId,
    ControlPoint,
    CutId,
    Imaging,
    ImagingId,
    MarkupId,
    MeasurementId,
    MemberId,
    MessageId,
    NoteId,
    RecordRef,
    Role,
    SegmentId,
    SolidId,
    ThreadId,
    VersionId,
)
from sessions.plan.surroundings import Box, Clipping, Subject, SubjectFrame
from sessions.state import State
from tests.sessions.scene import (
    ANA,
    BEN,
    OLE,
    SKULL,
    SOURCE,
    draw,
    measure,
    move,
    pieces,
    pin,
    place,
    segment,
)

B1, B2 = BranchId("b1"), BranchId("b2")

coordinates = st.floats(-30, 30, allow_nan=False).map(lambda x: round(x, 3))
points: st.SearchStrategy[Vector] = st.tuples(coordinates, coordinates, coordinates)
numbers = st.sampled_from(["1", "1", "2", "3"])
members = st.sampled_from([ANA, BEN])
branches = st.sampled_from([MAIN, MAIN, B1, B2])
texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20).map(
    lambda text: f"x{text.replace(chr(127), '')}".translate(dict.fromkeys(range(128, 160)))
)


class Wish(NamedTuple):
    """What somebody asks, of which branch; the rules may refuse it."""

    member_id: MemberId
    branch_id: BranchId
    command: AnyCommand

    def on_screen(self, state: State) -> "Wish":
        """Return what its author would have asked with the room on the screen.

        A branch that is there; the plane and the points as they are now, as the server computes
        from them; the hash of a version; everything that differs from a version.
        """
        if self.branch_id not in state.lines:
            return self._replace(branch_id=MAIN).on_screen(state)
        plan = state.lines[self.branch_id].plan
        match self.command:
            case RecordCut(cut_id=cut_id) if cut_id in plan.cuts:
                return self._replace(command=replace(self.command, plane=plan.cuts[cut_id].plane))
            case SignVersion(version_id=version_id) if version_id in plan.versions:
                content_hash = plan.versions[version_id].content_hash
                return self._replace(command=replace(self.command, content_hash=content_hash))
            case MergeRecords(version_id=version_id, choices=()) if version_id in state.kept:
                choices = choices_between(plan, state.kept[version_id].plan)
                return self._replace(command=replace(self.command, choices=choices))
            case RecordFindings(markup_id=markup_id) if markup_id in plan.markups:
                basis = basis_of(plan, plan.markups[markup_id])
                findings = replace(self.command.findings, basis=basis)
                return self._replace(command=replace(self.command, findings=findings))
            case _:
                return self


@st.composite
def planes(draw: st.DrawFn) -> Plane:
    """Return a plane close to the origin."""
    azimuth, height = draw(st.floats(0, 2 * math.pi)), draw(st.floats(-1, 1))
    ring = math.sqrt(1 - height * height)
    normal = (ring * math.cos(azimuth), ring * math.sin(azimuth), height)
    return Plane(draw(points), normal)


@st.composite
def transforms(draw: st.DrawFn) -> RigidTransform:
    """Return a small motion."""
    axis = draw(st.sampled_from([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.3, 0.4, 0.5)]))
    turn = RigidTransform.about_axis(axis, draw(st.floats(-170, 170)), draw(points))
    return RigidTransform(translation_mm=draw(points)) @ turn


solid_ids = st.one_of(
    st.just(SKULL),
    st.builds(lambda n, side: SolidId(f"c{n}{side}"), numbers, st.sampled_from("+-")),
)
refs = st.one_of(
    st.builds(lambda n: RecordRef(kind="cut", record_id=f"c{n}"), numbers),
    st.builds(lambda n: RecordRef(kind="note", record_id=f"n{n}"), numbers),
    st.builds(lambda n: RecordRef(kind="measurement", record_id=f"m{n}"), numbers),
    st.builds(lambda it: RecordRef(kind="fragment", record_id=it), solid_ids),
    st.builds(lambda n: RecordRef(kind="markup", record_id=f"k{n}"), numbers),
    st.builds(lambda n: RecordRef(kind="markup", record_id=f"k{n}"), numbers),
    st.just(RecordRef(kind="segment", record_id=SKULL)),
)
names = st.sampled_from(["Cut 1", "Cut 2", "Distance 1", "Distance 2", "Window", "Line 1"])


note_ids = numbers.map(lambda n: NoteId(f"n{n}"))
measurement_ids = numbers.map(lambda n: MeasurementId(f"m{n}"))
markup_ids = numbers.map(lambda n: MarkupId(f"k{n}"))
cut_ids = numbers.map(lambda n: CutId(f"c{n}"))
version_ids = numbers.map(lambda n: VersionId(f"v{n}"))
thread_ids = numbers.map(lambda n: ThreadId(f"t{n}"))
comment_ids = numbers.map(lambda n: CommentId(f"k{n}"))
imaging_ids = numbers.map(lambda n: ImagingId(f"i{n}"))
skull = SegmentId(SKULL)


def _pieces(cut_id: CutId, digit: str) -> RecordCut:
    """Return pieces; those along another plane are other surfaces."""
    command = pieces(cut_id)
    return replace(command, positive=replace(command.positive, sha256=digit * 64))


control_points = st.builds(
    ControlPoint, point_mm=points, solid_id=st.one_of(st.none(), st.just(SKULL), solid_ids)
)
_on_skull = st.builds(ControlPoint, point_mm=points, solid_id=st.just(SKULL))
_in_images = st.builds(ControlPoint, point_mm=points)
drawings = st.one_of(
    st.builds(draw, markup_ids, st.just("line"), st.tuples(control_points, control_points)),
    st.builds(
        draw,
        markup_ids,
        st.sampled_from(["closed_curve", "freehand"]),
        st.lists(control_points, min_size=3, max_size=5).map(tuple),
    ),
    st.builds(draw, markup_ids, st.just("surface_path"), st.tuples(_on_skull, _on_skull)),
    st.builds(draw, markup_ids, st.just("roi_box"), st.tuples(_in_images, _in_images)),
    st.builds(
        lambda it, text, p: draw(it, "text", (p,), text=text), markup_ids, texts, control_points
    ),
    st.builds(
        lambda it, one, other: draw(it, "gap", (), solid_ids=(one, other)),
        markup_ids,
        solid_ids,
        st.one_of(solid_ids, st.just(SolidId("brain"))),
    ),
)
found = st.builds(
    lambda length, problem: Findings(basis=Basis(), length_mm=length, problem=problem),
    st.floats(0, 100),
    st.sampled_from(["", "", "the surface is open"]),
)
clippings = st.one_of(
    st.builds(lambda it: Clipping(planes=tuple(it)), st.lists(planes(), min_size=1, max_size=2)),
    st.just(Clipping(box=Box(low=(-1.0, -1.0, -1.0), high=(1.0, 1.0, 1.0)))),
    st.none(),
)
_twins: tuple[tuple[Subject, float], ...] = (("A", 1.0), ("B", -1.0))
frames = st.sampled_from(
    [
        (),
        tuple(
            SubjectFrame(
                subject=subject,
                left=(sign, 0.0, 0.0),
                posterior=(0.0, 1.0, 0.0),
                superior=(0.0, 0.0, sign),
                basis="position",
            )
            for subject, sign in _twins
        ),
    ]
)


_planning: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(pin, note_ids, solid_ids, points, texts),
    st.builds(EditNote, note_id=note_ids, text=texts),
    st.builds(RemoveNote, note_id=note_ids),
    st.builds(measure, measurement_ids, points, points, solid_ids),
    st.builds(RemoveMeasurement, measurement_id=measurement_ids),
    drawings,
    drawings,
    st.builds(
        EditMarkup,
        markup_id=markup_ids,
        points=st.one_of(st.none(), st.tuples(control_points, control_points)),
        text=st.one_of(st.none(), texts),
    ),
    st.builds(RemoveMarkup, markup_id=markup_ids),
    st.builds(place, cut_ids, solid_ids, planes()),
    st.builds(place, cut_ids, st.just(SKULL), planes()),
    st.builds(AdjustCut, cut_id=cut_ids, plane=planes()),
    st.builds(RemoveCut, cut_id=cut_ids),
    st.builds(_pieces, cut_ids, st.sampled_from("bd")),
    st.builds(_pieces, cut_ids, st.sampled_from("bd")),
    st.builds(move, transforms(), solid_ids),
    st.builds(move, transforms(), solid_ids),
    st.builds(
        EditSegment,
        segment_id=st.just(skull),
        name=st.sampled_from([None, "Cranium", "Calvaria"]),
        opacity=st.sampled_from([None, 0.25, 1]),
        status=st.sampled_from([None, "in_progress", "completed"]),
        group=st.sampled_from([None, "", "Bone"]),
    ),
    st.builds(Rename, ref=refs, name=names),
    st.just(Undo()),
    st.just(Redo()),
]
_versions: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(SaveVersion, version_id=version_ids, name=st.just("plan")),
    st.builds(SaveVersion, version_id=version_ids, name=st.just("plan")),
    st.builds(
        OpenBranch,
        branch_id=st.sampled_from([B1, B2]),
        name=st.just("other"),
        version_id=version_ids,
    ),
    st.builds(MergeRecords, version_id=version_ids, choices=st.just(())),
    st.builds(MergeRecords, version_id=version_ids, choices=st.lists(refs, max_size=4).map(tuple)),
]
_talk: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(
        OpenThread,
        thread_id=thread_ids,
        about=st.one_of(
            st.builds(
                lambda it, p: AboutPoint(anchor=Anchor(solid_id=it, point_mm=p)), solid_ids, points
            ),
            st.builds(AboutRecord, ref=refs),
        ),
        comment_id=comment_ids,
        text=texts,
    ),
    st.builds(
        Reply, thread_id=thread_ids, comment_id=comment_ids, text=texts, mentions=st.just((BEN,))
    ),
    st.builds(EditComment, thread_id=thread_ids, comment_id=comment_ids, text=texts),
    st.builds(RemoveComment, thread_id=thread_ids, comment_id=comment_ids),
    st.builds(ResolveThread, thread_id=thread_ids, resolved=st.booleans()),
    st.builds(SendMessage, message_id=numbers.map(lambda n: MessageId(f"h{n}")), text=texts),
]
_signing: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(RequestReview, version_id=version_ids),
    st.builds(ReturnToDraft, version_id=version_ids, reason=st.just("not yet")),
    st.builds(SignVersion, version_id=version_ids, content_hash=st.just("0" * 64)),
    st.builds(ConfirmImaging, imaging_id=imaging_ids),
]
_roles = st.sampled_from([Role.SURGEON, Role.OWNER, Role.TRAINEE])
_people_and_locks: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(LockRecord, ref=refs),
    st.builds(UnlockRecord, ref=refs),
    st.builds(ShareClipping, clipping=clippings),
    st.builds(ChangeRole, member_id=st.just(BEN), expected=_roles, role=_roles),
    st.just(DismissMember(member_id=OLE)),
]
_of_the_server: list[st.SearchStrategy[AnyCommand]] = [
    st.builds(RecordFrames, frames=frames),
    st.builds(lambda n: AddSegment(segment=segment(f"s{n}", f"Segment {n}")), numbers),
    st.builds(
        lambda n: ReceiveImaging(
            imaging=Imaging(imaging_id=ImagingId(f"i{n}"), source=SOURCE, received_at=n)
        ),
        numbers,
    ),
]

_findings = st.builds(
    Wish,
    st.just(SYSTEM),
    branches,
    st.builds(RecordFindings, markup_id=markup_ids, findings=found),
)
planning_wishes = st.builds(Wish, members, branches, st.one_of(*_planning, *_versions))
"""What undo takes back, versions and branches."""

_of_members = st.builds(
    Wish,
    members,
    branches,
    st.one_of(*_planning, *_versions, *_talk, *_signing, *_people_and_locks),
)
wishes = st.one_of(
    *(_of_members for _ in range(6)),
    *(planning_wishes for _ in range(6)),
    st.builds(Wish, st.just(SYSTEM), st.just(MAIN), st.one_of(*_of_the_server)),
    _findings,
)
"""Every command."""

PRELUDE: tuple[Wish, ...] = (
    Wish(ANA, MAIN, place("c1")),
    Wish(ANA, MAIN, pieces("c1")),
    Wish(BEN, MAIN, pin("n1", "c1+")),
    Wish(BEN, MAIN, SaveVersion(version_id=VersionId("v1"), name="plan")),
    Wish(BEN, MAIN, OpenBranch(branch_id=B1, name="other", version_id=VersionId("v1"))),
)
"""What makes the rest worth trying."""
