"""A small case: a box of bone, three members, and the commands that tests use again and again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from imaging.space import Plane, RigidTransform, Vector
from sessions.members import PALETTE
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AddSegment,
    AdmitMember,
    MeasureDistance,
    MoveFragment,
    OpenCase,
    PinNote,
    PlaceCut,
    PlaceMarkup,
    RecordCut,
    ServerCommand,
)
from sessions.plan.records import (
    Anchor,
    CaseSource,
    ControlPoint,
    CutId,
    FragmentId,
    MarkupId,
    MarkupKind,
    MeasurementId,
    Member,
    MemberId,
    NoteId,
    OperationId,
    Provenance,
    Role,
    Segment,
    SegmentId,
    SolidId,
    SurfaceRef,
)
from sessions.room import Room

ANA = MemberId("ana")
"""The owner."""
BEN = MemberId("ben")
"""A surgeon."""
OLE = MemberId("ole")
"""An observer."""

MEMBERS = (
    Member(member_id=ANA, name="Ana", role=Role.OWNER, colour=PALETTE[0]),
    Member(member_id=BEN, name="Ben", role=Role.SURGEON, colour=PALETTE[1]),
    Member(member_id=OLE, name="Ole", role=Role.OBSERVER, colour=PALETTE[2]),
)

SKULL = SolidId("skull")
CUT = CutId("c1")
POSITIVE = FragmentId("c1+")
NEGATIVE = FragmentId("c1-")
MIDDLE = Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
"""Halves the skull: the upper half is the positive side."""


class Ticking:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def counted(prefix: str = "id") -> Callable[[], str]:
    """Return a source of ids: id-1, id-2 and so on."""
    numbers = iter(range(1, 1_000_000))
    return lambda: f"{prefix}-{next(numbers)}"


def contents(folder: Path) -> list[bytes]:
    """Return what the files of a folder hold."""
    return [path.read_bytes() for path in folder.iterdir()]


def surface(
    bounds: tuple[float, float, float, float, float, float] = (-80, 80, -100, 100, -60, 60),
    digit: str = "a",
) -> SurfaceRef:
    """Return a surface with the given bounds, mm."""
    return SurfaceRef(
        sha256=digit * 64,
        volume_ml=365.3,
        area_cm2=800.0,
        triangles=1000,
        watertight=True,
        parts=1,
        bounds_mm=tuple(float(value) for value in bounds),  # type: ignore[arg-type]
    )


def segment(segment_id: str = "skull", name: str = "Skull") -> Segment:
    """Return a segment that surrounds the origin."""
    return Segment(
        segment_id=SegmentId(segment_id),
        name=name,
        code="89546000",
        colour=(241, 214, 145),
        opacity=1.0,
        owner="shared",
        surface=surface(),
        provenance=Provenance(
            engine="bone",
            version="1",
            parameters={"lower_hu": 250},
            author="system",
            created_at="2026-01-02T03:04:05.000Z",
        ),
    )


SOURCE = CaseSource(
    volume_id="v1",
    modality="CT",
    description="phantom",
    acquired_on="",
    spacing_mm=(0.5, 0.5, 1.0),
    slice_thickness_mm=1.0,
    frame_of_reference_uid="1.2.3",
)

SETUP: tuple[ServerCommand, ...] = (
    OpenCase(title="Phantom", source=SOURCE),
    AddSegment(segment=segment()),
    AddSegment(segment=segment("brain", "Brain")),
    *(AdmitMember(member=member) for member in MEMBERS),
)


async def furnish(room: Room) -> Room:
    """Put the case and the members into an empty room."""
    for number, command in enumerate(SETUP):
        await room.submit(SYSTEM, OperationId(f"setup-{number}"), command)
    return room


def pin(
    note_id: str = "n1",
    solid_id: str = SKULL,
    point: Vector = (0.0, 0.0, 10.0),
    text: str = "mind the sinus",
) -> PinNote:
    """Pin a note."""
    return PinNote(
        note_id=NoteId(note_id),
        anchor=Anchor(solid_id=SolidId(solid_id), point_mm=point),
        text=text,
    )


def measure(
    measurement_id: str = "m1",
    start: Vector = (0.0, 0.0, 10.0),
    end: Vector = (0.0, 0.0, -35.2),
    solid_id: str = SKULL,
) -> MeasureDistance:
    """Measure a distance."""
    return MeasureDistance(
        measurement_id=MeasurementId(measurement_id),
        start=Anchor(solid_id=SolidId(solid_id), point_mm=start),
        end=Anchor(solid_id=SolidId(solid_id), point_mm=end),
    )


def at(point: Vector, solid_id: str | None = None) -> ControlPoint:
    """Return a point of a markup: on a solid, or a place in the images."""
    return ControlPoint(point_mm=point, solid_id=None if solid_id is None else SolidId(solid_id))


def draw(
    markup_id: str = "k1",
    kind: MarkupKind = "line",
    points: tuple[ControlPoint, ...] | None = None,
    **others: Any,  # noqa: ANN401 (fields of the command)
) -> PlaceMarkup:
    """Draw a markup; without points a line of 45.2 mm on the skull."""
    ends = (at((0.0, 0.0, 10.0), SKULL), at((0.0, 0.0, -35.2), SKULL))
    return PlaceMarkup(
        markup_id=MarkupId(markup_id),
        kind=kind,
        points=ends if points is None else points,
        **others,
    )


def place(cut_id: str = CUT, target_id: str = SKULL, plane: Plane = MIDDLE) -> PlaceCut:
    """Place a plane."""
    return PlaceCut(cut_id=CutId(cut_id), target_id=SolidId(target_id), plane=plane)


def pieces(cut_id: str = CUT, plane: Plane = MIDDLE) -> RecordCut:
    """Record the halves of the skull."""
    return RecordCut(
        cut_id=CutId(cut_id),
        plane=plane,
        positive=surface((-80, 80, -100, 100, 0, 60), "b"),
        negative=surface((-80, 80, -100, 100, -60, 0), "c"),
    )


def move(transform: RigidTransform, fragment_id: str = POSITIVE) -> MoveFragment:
    """Move a fragment."""
    return MoveFragment(fragment_id=FragmentId(fragment_id), transform=transform)
