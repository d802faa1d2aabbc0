"""What a plan holds. Positions are in the anatomy's own frame: LPS, mm, as scanned.

A *solid* is a segment or a fragment. A fragment that was moved keeps its surface as scanned and
carries a `transform`; whatever is pinned to it (notes, ends of measurements, planes) is kept as
scanned too, so that it moves along. The world position is `transform.apply(point_mm)`.
"""

from enum import StrEnum
from typing import Literal, NewType

import msgspec

from imaging.space import Plane, RigidTransform, Vector

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

Owner = Literal["A", "B", "shared", "undecided"]
"""Whose structure it is in conjoined twins; "undecided" where it has not been said."""


class Role(StrEnum):
    """What a member may do; see `sessions.members.ALLOWED`."""

    OWNER = "owner"
    SURGEON = "surgeon"
    OBSERVER = "observer"


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


class Segment(Record, frozen=True):
    """One labelled structure."""

    segment_id: SegmentId
    name: str
    code: str
    """SNOMED CT concept id, or empty."""
    colour: tuple[int, int, int]
    opacity: float
    owner: Owner
    surface: SurfaceRef
    provenance: Provenance


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


class Member(Record, frozen=True):
    """Somebody who has been let into the room."""

    member_id: MemberId
    name: str
    role: Role
    colour: str
    """"#rrggbb", their own everywhere."""


class Plan(Record, frozen=True):
    """The state that all members share: what the log adds up to."""

    title: str = ""
    source: CaseSource | None = None
    segments: dict[SegmentId, Segment] = {}
    fragments: dict[FragmentId, Fragment] = {}
    cuts: dict[CutId, Cut] = {}
    notes: dict[NoteId, Note] = {}
    measurements: dict[MeasurementId, Measurement] = {}
    members: dict[MemberId, Member] = {}
