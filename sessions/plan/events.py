"""What happened to a plan. Events hold what their inverse needs; a released one is never edited."""

import msgspec

from imaging.space import Plane, RigidTransform
from sessions.plan.records import (
    CaseSource,
    Cut,
    CutId,
    Fragment,
    FragmentId,
    Measurement,
    Member,
    MemberId,
    Note,
    NoteId,
    OperationId,
    Segment,
)


class Event(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """A fact in the log."""


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


PlanEvent = (
    CaseOpened
    | SegmentAdded
    | MemberAdmitted
    | NotePinned
    | NoteEdited
    | NoteRemoved
    | DistanceMeasured
    | MeasurementRemoved
    | CutPlaced
    | CutAdjusted
    | CutRemoved
    | CutApplied
    | CutReverted
    | FragmentMoved
)


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
    previous_hash: str
    """`hash` of the entry before, or 64 zeros."""
    hash: str
    """SHA-256, hex, of the entry's JSON with an empty `hash`."""
