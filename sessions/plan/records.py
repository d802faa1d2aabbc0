"""What a plan holds. Positions are in the anatomy's own frame: LPS, mm, as scanned.

A *solid* is a segment or a fragment. A fragment that was moved keeps its surface as scanned and
carries a `transform`; whatever is pinned to it (notes, ends of measurements, planes) is kept as
scanned too, so that it moves along. The world position is `transform.apply(point_mm)`.
"""

from enum import StrEnum
from typing import Final, Literal, NewType

import msgspec
from msgspec.structs import force_setattr

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.findings import Findings
from sessions.plan.surroundings import Clipping, SubjectFrame

RoomId = NewType("RoomId", str)
MemberId = NewType("MemberId", str)
OperationId = NewType("OperationId", str)
SegmentId = NewType("SegmentId", str)
FragmentId = NewType("FragmentId", str)
SolidId = NewType("SolidId", str)
"""A `SegmentId` or a `FragmentId`."""
CutId = NewType("CutId", str)
NoteId = NewType("NoteId", str)
MeasurementId = NewType("MeasurementId", str)
MarkupId = NewType("MarkupId", str)
ThreadId = NewType("ThreadId", str)
CommentId = NewType("CommentId", str)
MessageId = NewType("MessageId", str)
BranchId = NewType("BranchId", str)
VersionId = NewType("VersionId", str)
ImagingId = NewType("ImagingId", str)

MAIN = BranchId("main")
"""The branch that every room begins with."""

RecordKind = Literal["segment", "fragment", "cut", "note", "measurement", "markup"]
"""What a branch of the plan is made of."""

MarkupKind = Literal[
    "point",
    "line",
    "surface_path",
    "angle",
    "closed_curve",
    "freehand",
    "arrow",
    "text",
    "roi_ellipse",
    "roi_box",
    "gap",
]
"""What can be drawn and measured; `sessions.plan.marking` says how many points each has."""

Owner = Literal["A", "B", "shared", "undecided"]
"""Whose structure it is in conjoined twins; "undecided" where it has not been said."""

SegmentStatus = Literal["not_started", "in_progress", "completed", "flagged"]
"""How far somebody is with a segment; 3D Slicer's terms."""

IN_PROGRESS: Final = "in_progress"
NO_GROUP: Final = ""


class Role(StrEnum):
    """What a member may do; see `sessions.members.ALLOWED`."""

    OWNER = "owner"
    SURGEON = "surgeon"
    RADIOLOGIST = "radiologist"
    TRAINEE = "trainee"
    OBSERVER = "observer"
    PATIENT = "patient"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value of the plan."""


class SurfaceRef(Record, frozen=True):
    """A closed surface, kept as a blob named by its content."""

    sha256: str
    volume_ml: float
    area_cm2: float
    triangles: int
    watertight: bool
    parts: int
    """Separate pieces of material, counted by containment (a cavity is no piece)."""
    bounds_mm: tuple[float, float, float, float, float, float]
    """xmin, xmax, ymin, ymax, zmin, zmax."""
    error_p95_mm: float = 0.0
    """95th percentile of what smoothing and decimation moved the surface by, mm."""
    error_max_mm: float = 0.0


class Provenance(Record, frozen=True):
    """How a segment came to be."""

    engine: str
    version: str
    parameters: dict[str, float | int | str | bool]
    author: str
    created_at: str
    """UTC, ISO 8601."""


class CaseSource(Record, frozen=True):
    """What the anatomy was made from; shown on screen, never logged."""

    volume_id: str
    modality: str
    description: str
    acquired_on: str
    spacing_mm: Vector
    slice_thickness_mm: float | None
    frame_of_reference_uid: str
    warnings: tuple[tuple[str, str], ...] = ()
    axes: tuple[Vector, Vector, Vector] | msgspec.UnsetType = msgspec.UNSET
    """Unit vectors along i, j and k of the grid, LPS. Left out of logs older than it."""


class Segment(Record, frozen=True, omit_defaults=True):
    """One labelled structure.

    Defaults are left out of the JSON: an entry of a log older than they are keeps its hash.
    """

    segment_id: SegmentId
    name: str
    code: str
    """SNOMED CT concept id, or empty."""
    colour: tuple[int, int, int]
    opacity: float
    owner: Owner
    surface: SurfaceRef
    provenance: Provenance
    status: SegmentStatus = IN_PROGRESS
    group: str = NO_GROUP
    """Under which heading it is listed; empty: under none."""

    def __post_init__(self) -> None:
        """Make a default the very object: msgspec leaves out what is it, not what equals it."""
        if self.status == IN_PROGRESS:
            force_setattr(self, "status", IN_PROGRESS)
        if self.group == NO_GROUP:
            force_setattr(self, "group", NO_GROUP)


class Fragment(Record, frozen=True):
    """A closed piece of a segment that a cut made."""

    fragment_id: FragmentId
    name: str
    parent_id: SolidId
    cut_id: CutId
    side: Literal["positive", "negative"]
    surface: SurfaceRef
    transform: RigidTransform


class Cut(Record, frozen=True):
    """A plane placed on a solid; once applied, the solid is replaced by two fragments."""

    cut_id: CutId
    name: str
    target_id: SolidId
    plane: Plane
    """In the anatomy's own frame."""
    applied: bool
    author_id: MemberId


class Anchor(Record, frozen=True):
    """A point on the anatomy."""

    solid_id: SolidId
    point_mm: Vector
    """In the anatomy's own frame."""


class Note(Record, frozen=True):
    """A text pinned to the anatomy."""

    note_id: NoteId
    anchor: Anchor
    text: str
    author_id: MemberId
    created_at: str


class Measurement(Record, frozen=True):
    """A distance between two points on the anatomy."""

    measurement_id: MeasurementId
    name: str
    start: Anchor
    end: Anchor
    author_id: MemberId
    created_at: str


class ControlPoint(Record, frozen=True):
    """A point that a markup is drawn through."""

    point_mm: Vector
    """In the anatomy's own frame."""
    solid_id: SolidId | None = None
    """What carries it along; None: it is a place in the images, and stays."""


class Markup(Record, frozen=True):
    """Something drawn or measured, on slices or in 3D."""

    markup_id: MarkupId
    kind: MarkupKind
    name: str
    points: tuple[ControlPoint, ...]
    text: str
    plane: Plane | None
    """The slice that it was drawn on; None: it was drawn in 3D."""
    solid_ids: tuple[SolidId, ...]
    """Between what a gap is."""
    author_id: MemberId
    created_at: str
    findings: Findings | None = None
    """What the server computed of it; see `sessions.plan.figures.is_current`."""


class SharedClipping(Record, frozen=True):
    """What a member leaves out of everybody's sight."""

    clipping: Clipping
    member_id: MemberId


class Member(Record, frozen=True):
    """Somebody who has been let into the room."""

    member_id: MemberId
    name: str
    role: Role
    colour: str
    """"#rrggbb", their own everywhere."""


class RecordRef(Record, frozen=True):
    """Names a record of a branch."""

    kind: RecordKind
    record_id: str


class Lock(Record, frozen=True):
    """A record that nobody but its holder, or an owner, may change."""

    ref: RecordRef
    member_id: MemberId
    at: str


class AboutPoint(Record, frozen=True, tag_field="type", tag="point"):
    """A thread is about a point of the anatomy."""

    anchor: Anchor


class AboutRecord(Record, frozen=True, tag_field="type", tag="record"):
    """A thread is about a segment, or a step of the operation: a cut, a fragment's place."""

    ref: RecordRef


class Comment(Record, frozen=True):
    """What somebody said in a thread."""

    comment_id: CommentId
    author_id: MemberId
    text: str
    """Empty where its author took it back."""
    mentions: tuple[MemberId, ...]
    created_at: str
    edited_at: str | None = None


class Thread(Record, frozen=True):
    """Comments about one thing, on every branch."""

    thread_id: ThreadId
    about: AboutPoint | AboutRecord
    comments: tuple[Comment, ...]
    resolved_by: MemberId | None = None


class ChatMessage(Record, frozen=True):
    """What somebody said to the whole room."""

    message_id: MessageId
    author_id: MemberId
    text: str
    mentions: tuple[MemberId, ...]
    created_at: str


class Branch(Record, frozen=True):
    """A line of the plan of its own, beginning at a version."""

    branch_id: BranchId
    name: str
    from_version_id: VersionId
    author_id: MemberId
    created_at: str


class VersionState(StrEnum):
    """How far a version has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    STALE = "stale"


class Signature(Record, frozen=True):
    """Somebody vouches for a version, as it was when they signed."""

    member_id: MemberId
    name: str
    role: Role
    content_hash: str
    at: str


class Version(Record, frozen=True):
    """A branch as it was when somebody saved it; never changed afterwards, but for its state."""

    version_id: VersionId
    number: int
    """1 for the room's first one; one more for each, on all branches."""
    name: str
    description: str
    branch_id: BranchId
    content_hash: str
    """SHA-256 of the branch's records, see `sessions.plan.content`."""
    author_id: MemberId
    created_at: str
    state: VersionState
    signatures: tuple[Signature, ...] = ()


class Imaging(Record, frozen=True):
    """Images of the patient that are newer than those that the plan was made on."""

    imaging_id: ImagingId
    source: CaseSource
    received_at: str
    confirmed_by: MemberId | None = None
    """Who found that the plan still holds on them."""


class Plan(Record, frozen=True):
    """A branch as it is now, and what all branches share: what the log adds up to."""

    title: str = ""
    source: CaseSource | None = None
    segments: dict[SegmentId, Segment] = {}
    fragments: dict[FragmentId, Fragment] = {}
    cuts: dict[CutId, Cut] = {}
    notes: dict[NoteId, Note] = {}
    measurements: dict[MeasurementId, Measurement] = {}
    members: dict[MemberId, Member] = {}
    locks: dict[str, Lock] = {}
    """By ``kind:id``; of this branch."""
    branch_id: BranchId = MAIN
    base_version_id: VersionId | None = None
    """The version that this branch was saved as, or began with, last."""
    edited: bool = False
    """Whether anything was changed since."""
    threads: dict[ThreadId, Thread] = {}
    chat: dict[MessageId, ChatMessage] = {}
    """The latest; the log holds all."""
    branches: dict[BranchId, Branch] = {}
    """All but the main one."""
    versions: dict[VersionId, Version] = {}
    imaging: dict[ImagingId, Imaging] = {}
    dismissed: dict[MemberId, str] = {}
    """Members who may no longer come in, and since when; what they did stays theirs."""
    markups: dict[MarkupId, Markup] = {}
    clipping: SharedClipping | None = None
    frames: tuple[SubjectFrame, ...] = ()
    """One for each twin; none where there is one subject."""
