"""What happened to a plan. An event holds what its inverse needs; a released one is never edited."""

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


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """A fact in the log."""


class CaseOpened(Event, tag="case_opened"):
    title: str
    source: CaseSource


class SegmentAdded(Event, tag="segment_added"):
    segment: Segment


class MemberAdmitted(Event, tag="member_admitted"):
    member: Member


class NotePinned(Event, tag="note_pinned"):
    note: Note


class NoteEdited(Event, tag="note_edited"):
    note_id: NoteId
    before: str
    after: str


class NoteRemoved(Event, tag="note_removed"):
    note: Note


class DistanceMeasured(Event, tag="distance_measured"):
    measurement: Measurement


class MeasurementRemoved(Event, tag="measurement_removed"):
    measurement: Measurement


class CutPlaced(Event, tag="cut_placed"):
    cut: Cut


class CutAdjusted(Event, tag="cut_adjusted"):
    cut_id: CutId
    before: Plane
    after: Plane


class CutRemoved(Event, tag="cut_removed"):
    cut: Cut


class CutApplied(Event, tag="cut_applied"):
    cut_id: CutId
    fragments: tuple[Fragment, Fragment]


class CutReverted(Event, tag="cut_reverted"):
    cut_id: CutId
    fragments: tuple[Fragment, Fragment]


class FragmentMoved(Event, tag="fragment_moved"):
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
