"""Events that need not make sense of any plan: of every type there is."""

from hypothesis import strategies as st

from imaging.space import RigidTransform
from sessions.plan.events import (
    BranchOpened,
    CaseOpened,
    ClippingShared,
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    DistanceMeasured,
    FragmentMoved,
    FramesRecorded,
    ImagingConfirmed,
    ImagingReceived,
    MeasurementRemoved,
    MemberAdmitted,
    MemberDismissed,
    Merged,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
    RecordLocked,
    RecordUnlocked,
    Renamed,
    ReturnedToDraft,
    ReviewRequested,
    RoleChanged,
    SegmentAdded,
    SegmentEdited,
    VersionApproved,
    VersionSaved,
    VersionSigned,
    VersionSuperseded,
    VersionWentStale,
)
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
    Outline,
)
from sessions.plan.records import (
    MAIN,
    AboutPoint,
    AboutRecord,
    Anchor,
    Branch,
    ChatMessage,
    Comment,
    Cut,
    CutId,
    Fragment,
    FragmentId,
    Imaging,
    Lock,
    Markup,
    Measurement,
    MemberId,
    MessageId,
    Note,
    Role,
    SegmentId,
    SharedClipping,
    Signature,
    SolidId,
    Thread,
    Version,
    VersionState,
)
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)
from tests.sessions.scene import ANA, BEN, MEMBERS, SKULL, SOURCE, segment, surface
from tests.sessions.strategies import (
    B1,
    clippings,
    comment_ids,
    control_points,
    cut_ids,
    found,
    frames,
    imaging_ids,
    markup_ids,
    measurement_ids,
    members,
    names,
    note_ids,
    numbers,
    planes,
    points,
    refs,
    solid_ids,
    texts,
    thread_ids,
    transforms,
    version_ids,
)

nobody = MemberId("nobody")
anchors = st.builds(lambda it, p: Anchor(solid_id=it, point_mm=p), solid_ids, points)
notes = st.builds(
    Note,
    note_id=note_ids,
    anchor=anchors,
    text=texts,
    author_id=st.just(ANA),
    created_at=st.just(""),
)
measurements = st.builds(
    Measurement,
    measurement_id=measurement_ids,
    name=names,
    start=anchors,
    end=anchors,
    author_id=st.just(nobody),
    created_at=st.just(""),
)
drawn_through = st.lists(control_points, max_size=4).map(tuple)
slices = st.one_of(st.none(), planes())
markups = st.builds(
    Markup,
    markup_id=markup_ids,
    kind=st.sampled_from(["freehand", "closed_curve", "surface_path", "gap"]),
    name=names,
    points=drawn_through,
    text=texts,
    plane=slices,
    solid_ids=st.tuples(solid_ids, solid_ids),
    author_id=st.just(nobody),
    created_at=st.just(""),
    findings=st.one_of(st.none(), found),
)
outlines = st.builds(Outline, points=drawn_through, plane=slices)
cuts = st.builds(
    Cut,
    cut_id=cut_ids,
    name=names,
    target_id=solid_ids,
    plane=planes(),
    applied=st.booleans(),
    author_id=st.just(BEN),
)


def _half(fragment_id: SolidId, parent_id: SolidId, transform: RigidTransform) -> Fragment:
    return Fragment(
        fragment_id=FragmentId(fragment_id),
        name="Half",
        parent_id=parent_id,
        cut_id=CutId(fragment_id[:-1]),
        side="positive",
        surface=surface(),
        transform=transform,
    )


halves = st.tuples(
    st.builds(_half, solid_ids, solid_ids, transforms()),
    st.builds(_half, solid_ids, solid_ids, transforms()),
)
comments = st.builds(
    Comment,
    comment_id=comment_ids,
    author_id=st.just(BEN),
    text=texts,
    mentions=st.just(()),
    created_at=st.just(""),
)
threads = st.builds(
    lambda thread_id, about, comment: Thread(thread_id=thread_id, about=about, comments=(comment,)),
    thread_ids,
    st.one_of(st.builds(AboutPoint, anchor=anchors), st.builds(AboutRecord, ref=refs)),
    comments,
)
messages = st.builds(
    ChatMessage,
    message_id=numbers.map(MessageId),
    author_id=st.just(ANA),
    text=texts,
    mentions=st.just((BEN,)),
    created_at=st.just(""),
)
versions = st.builds(
    lambda version_id: Version(
        version_id=version_id,
        number=1,
        name="plan",
        description="",
        branch_id=MAIN,
        content_hash="0" * 64,
        author_id=ANA,
        created_at="",
        state=VersionState.DRAFT,
    ),
    version_ids,
)
signature = Signature(member_id=BEN, name="Ben", role=Role.SURGEON, content_hash="0" * 64, at="")
imagings = st.builds(lambda it: Imaging(imaging_id=it, source=SOURCE, received_at=""), imaging_ids)
locks = st.builds(lambda ref, by: Lock(ref=ref, member_id=by, at=""), refs, members)

events: st.SearchStrategy[PlanEvent] = st.one_of(
    st.builds(NotePinned, note=notes),
    st.builds(NoteEdited, note_id=note_ids, before=texts, after=texts),
    st.builds(NoteRemoved, note=notes),
    st.builds(DistanceMeasured, measurement=measurements),
    st.builds(MeasurementRemoved, measurement=measurements),
    st.builds(MarkupPlaced, markup=markups),
    st.builds(MarkupReshaped, markup_id=markup_ids, before=outlines, after=outlines),
    st.builds(MarkupReworded, markup_id=markup_ids, before=texts, after=texts),
    st.builds(MarkupRemoved, markup=markups),
    st.builds(FindingsRecorded, markup_id=markup_ids, findings=found),
    st.builds(CutPlaced, cut=cuts),
    st.builds(CutAdjusted, cut_id=cut_ids, before=planes(), after=planes()),
    st.builds(CutRemoved, cut=cuts),
    st.builds(CutApplied, cut_id=cut_ids, fragments=halves),
    st.builds(CutReverted, cut_id=cut_ids, fragments=halves),
    st.builds(
        FragmentMoved,
        fragment_id=solid_ids.map(FragmentId),
        before=transforms(),
        after=transforms(),
    ),
    st.builds(ThreadOpened, thread=threads),
    st.builds(CommentAdded, thread_id=thread_ids, comment=comments),
    st.builds(CommentEdited, thread_id=thread_ids, before=comments, after=comments),
    st.builds(ThreadResolved, thread_id=thread_ids, by=st.sampled_from([nobody, None])),
    st.builds(MessageSent, message=messages),
    st.builds(VersionSaved, version=versions),
    st.builds(ReviewRequested, version_id=version_ids),
    st.builds(ReturnedToDraft, version_id=version_ids, reason=texts),
    st.builds(VersionSigned, version_id=version_ids, signature=st.just(signature)),
    st.builds(VersionApproved, version_id=version_ids),
    st.builds(VersionSuperseded, version_id=version_ids, by_version_id=version_ids),
    st.builds(VersionWentStale, version_id=version_ids, imaging_id=imaging_ids),
    st.builds(ImagingReceived, imaging=imagings),
    st.builds(ImagingConfirmed, imaging_id=imaging_ids, member_id=st.just(nobody)),
    st.just(CaseOpened(title="Case", source=SOURCE)),
    st.builds(SegmentAdded, segment=st.sampled_from([segment(), segment("1")])),
    st.builds(MemberAdmitted, member=st.sampled_from(MEMBERS)),
    st.just(RoleChanged(member_id=BEN, before=Role.SURGEON, after=Role.TRAINEE)),
    st.just(MemberDismissed(member_id=BEN, at="")),
    st.just(
        SegmentEdited(segment_id=SegmentId(SKULL), field="name", before="Skull", after="Cranium")
    ),
    st.builds(
        ClippingShared,
        shared=clippings.map(lambda it: it and SharedClipping(clipping=it, member_id=nobody)),
    ),
    st.builds(FramesRecorded, frames=frames),
    st.builds(Renamed, ref=refs, before=names, after=names),
    st.builds(RecordLocked, lock=locks),
    st.builds(RecordUnlocked, lock=locks),
    st.builds(Merged, version_id=version_ids, choices=st.lists(refs, max_size=2).map(tuple)),
)
"""Of every type but `BranchOpened`, which a log only holds for a version that is there."""

branch_openings = st.builds(
    lambda version_id: BranchOpened(
        branch=Branch(
            branch_id=B1, name="other", from_version_id=version_id, author_id=ANA, created_at=""
        )
    ),
    version_ids,
)
