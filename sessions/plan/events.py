"""What happened to a plan. Events hold what their inverse needs; a released one is never edited."""

from typing import Final, Literal, TypeGuard, get_args

import msgspec

from imaging.space import Plane, RigidTransform
from sessions.plan.event import Event
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
)
from sessions.plan.records import (
    Branch,
    BranchId,
    CaseSource,
    Cut,
    CutId,
    Fragment,
    FragmentId,
    Imaging,
    ImagingId,
    Lock,
    Measurement,
    Member,
    MemberId,
    Note,
    NoteId,
    OperationId,
    RecordRef,
    Role,
    Segment,
    SegmentId,
    SharedClipping,
    Signature,
    Version,
    VersionId,
)
from sessions.plan.surroundings import SubjectFrame
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)


class CaseOpened(Event, frozen=True, tag="case_opened"):
    """The case was named."""

    title: str
    source: CaseSource


class SegmentAdded(Event, frozen=True, tag="segment_added"):
    """A segment came in."""

    segment: Segment


class MemberAdmitted(Event, frozen=True, tag="member_admitted"):
    """Somebody was let in, or got another name or role."""

    member: Member


class NotePinned(Event, frozen=True, tag="note_pinned"):
    """A note was pinned."""

    note: Note


class NoteEdited(Event, frozen=True, tag="note_edited"):
    """A note got another text."""

    note_id: NoteId
    before: str
    after: str


class NoteRemoved(Event, frozen=True, tag="note_removed"):
    """A note was taken away."""

    note: Note


class DistanceMeasured(Event, frozen=True, tag="distance_measured"):
    """A distance was measured."""

    measurement: Measurement


class MeasurementRemoved(Event, frozen=True, tag="measurement_removed"):
    """A measurement was taken away."""

    measurement: Measurement


class CutPlaced(Event, frozen=True, tag="cut_placed"):
    """A plane was placed."""

    cut: Cut


class CutAdjusted(Event, frozen=True, tag="cut_adjusted"):
    """A plane was put elsewhere."""

    cut_id: CutId
    before: Plane
    after: Plane


class CutRemoved(Event, frozen=True, tag="cut_removed"):
    """A plane was taken away."""

    cut: Cut


class CutApplied(Event, frozen=True, tag="cut_applied"):
    """A solid was replaced by its pieces: positive side, negative side."""

    cut_id: CutId
    fragments: tuple[Fragment, Fragment]


class CutReverted(Event, frozen=True, tag="cut_reverted"):
    """The pieces of a solid were joined again."""

    cut_id: CutId
    fragments: tuple[Fragment, Fragment]


class FragmentMoved(Event, frozen=True, tag="fragment_moved"):
    """A fragment was put elsewhere."""

    fragment_id: FragmentId
    before: RigidTransform
    after: RigidTransform


SegmentField = Literal["name", "colour", "opacity", "owner", "code", "status", "group"]
SegmentValue = str | float | tuple[int, int, int]


class SegmentEdited(Event, frozen=True, tag="segment_edited"):
    """One property of a segment was changed."""

    segment_id: SegmentId
    field: SegmentField
    before: SegmentValue
    after: SegmentValue


class Renamed(Event, frozen=True, tag="renamed"):
    """A cut, a fragment, a measurement or a markup got another name."""

    ref: RecordRef
    before: str
    after: str


class RecordLocked(Event, frozen=True, tag="record_locked"):
    """A record was locked."""

    lock: Lock


class RecordUnlocked(Event, frozen=True, tag="record_unlocked"):
    """A record was let go of."""

    lock: Lock


class Merged(Event, frozen=True, tag="merged"):
    """The events beside this one were chosen from a version."""

    version_id: VersionId
    choices: tuple[RecordRef, ...]


class VersionSaved(Event, frozen=True, tag="version_saved"):
    """The entry's branch was saved as a version."""

    version: Version


class ReviewRequested(Event, frozen=True, tag="review_requested"):
    """A version is to be signed."""

    version_id: VersionId


class ReturnedToDraft(Event, frozen=True, tag="returned_to_draft"):
    """A version was taken out of review; its signatures are void."""

    version_id: VersionId
    reason: str


class VersionSigned(Event, frozen=True, tag="version_signed"):
    """Somebody signed a version."""

    version_id: VersionId
    signature: Signature


class VersionApproved(Event, frozen=True, tag="version_approved"):
    """Two people have signed a version."""

    version_id: VersionId


class VersionSuperseded(Event, frozen=True, tag="version_superseded"):
    """Another version was approved in its place."""

    version_id: VersionId
    by_version_id: VersionId


class VersionWentStale(Event, frozen=True, tag="version_went_stale"):
    """A version was made on images that are no longer the newest."""

    version_id: VersionId
    imaging_id: ImagingId


class BranchOpened(Event, frozen=True, tag="branch_opened"):
    """A branch began at a version."""

    branch: Branch


class ImagingReceived(Event, frozen=True, tag="imaging_received"):
    """There are newer images."""

    imaging: Imaging


class ImagingConfirmed(Event, frozen=True, tag="imaging_confirmed"):
    """Somebody found that the plan holds on newer images."""

    imaging_id: ImagingId
    member_id: MemberId


class RoleChanged(Event, frozen=True, tag="role_changed"):
    """A member got another role."""

    member_id: MemberId
    before: Role
    after: Role


class MemberDismissed(Event, frozen=True, tag="member_dismissed"):
    """A member may no longer come in."""

    member_id: MemberId
    at: str


class ClippingShared(Event, frozen=True, tag="clipping_shared"):
    """Somebody left something out of everybody's sight, or nobody does any longer."""

    shared: SharedClipping | None


class FramesRecorded(Event, frozen=True, tag="frames_recorded"):
    """It became known whose left is where."""

    frames: tuple[SubjectFrame, ...]


PlanningEvent = (
    NotePinned
    | NoteEdited
    | NoteRemoved
    | DistanceMeasured
    | MeasurementRemoved
    | MarkupPlaced
    | MarkupReshaped
    | MarkupReworded
    | MarkupRemoved
    | FindingsRecorded
    | CutPlaced
    | CutAdjusted
    | CutRemoved
    | CutApplied
    | CutReverted
    | FragmentMoved
    | SegmentEdited
    | Renamed
    | RecordLocked
    | RecordUnlocked
    | Merged
)
"""Changes the branch of its entry."""

TalkEvent = ThreadOpened | CommentAdded | CommentEdited | ThreadResolved | MessageSent

VersionEvent = (
    VersionSaved
    | ReviewRequested
    | ReturnedToDraft
    | VersionSigned
    | VersionApproved
    | VersionSuperseded
    | VersionWentStale
    | BranchOpened
    | ImagingReceived
    | ImagingConfirmed
)

CaseEvent = (
    CaseOpened
    | SegmentAdded
    | MemberAdmitted
    | RoleChanged
    | MemberDismissed
    | ClippingShared
    | FramesRecorded
)

RoomEvent = TalkEvent | VersionEvent | CaseEvent
"""Changes what all branches share; never taken back by undo."""

PlanEvent = PlanningEvent | RoomEvent


_TALK: Final = frozenset(get_args(TalkEvent))
_VERSIONS: Final = frozenset(get_args(VersionEvent))
_CASE: Final = frozenset(get_args(CaseEvent))
_ROOM: Final = _TALK | _VERSIONS | _CASE

# `isinstance` asks one member of a union after the other; a replay asks some 50,000 times.


def is_talk(event: PlanEvent) -> TypeGuard[TalkEvent]:
    """Say whether an event is about what was said."""
    return type(event) in _TALK


def is_about_versions(event: PlanEvent) -> TypeGuard[VersionEvent]:
    """Say whether an event is about versions, branches or newer images."""
    return type(event) in _VERSIONS


def is_about_the_case(event: PlanEvent) -> TypeGuard[CaseEvent]:
    """Say whether an event is about the case, its members, or what all of them see."""
    return type(event) in _CASE


def is_of_the_room(event: PlanEvent) -> TypeGuard[RoomEvent]:
    """Say whether an event changes what all branches share."""
    return type(event) in _ROOM


def is_planning(event: PlanEvent) -> TypeGuard[PlanningEvent]:
    """Say whether an event changes the branch of its entry."""
    return type(event) not in _ROOM


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One operation in the log: what one member did at one moment, whole."""

    revision: int
    """1 for the first entry; one more for each."""
    operation_id: OperationId
    member_id: MemberId
    """Who did it; "system" for the server itself."""
    at: str
    """UTC, ISO 8601, milliseconds."""
    events: tuple[PlanEvent, ...]
    undoes: OperationId | None = None
    """The operation that this one takes back."""
    redoes: OperationId | None = None
    """The operation that this one does again."""
    branch_id: BranchId | msgspec.UnsetType = msgspec.UNSET
    """Unset: the main one. Left out of the JSON then, as in logs older than branches."""
    previous_hash: str
    """`hash` of the entry before, or 64 zeros."""
    hash: str
    """SHA-256, hex, of the entry's JSON with an empty `hash`."""
