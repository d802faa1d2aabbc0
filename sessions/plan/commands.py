"""What can be asked of a plan. A `MemberCommand` may come from a browser, the others never do."""

import msgspec

from imaging.space import Plane, RigidTransform
from sessions.plan.records import (
    Anchor,
    CaseSource,
    CutId,
    FragmentId,
    MeasurementId,
    Member,
    NoteId,
    Segment,
    SolidId,
    SurfaceRef,
)


class Command(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """Something to ask of the plan."""


class PinNote(Command, frozen=True, tag="pin_note"):
    """Pin a text to the anatomy."""

    note_id: NoteId
    anchor: Anchor
    text: str


class EditNote(Command, frozen=True, tag="edit_note"):
    """Give a note another text."""

    note_id: NoteId
    text: str


class RemoveNote(Command, frozen=True, tag="remove_note"):
    """Take a note away."""

    note_id: NoteId


class MeasureDistance(Command, frozen=True, tag="measure_distance"):
    """Measure the distance between two points, mm."""

    measurement_id: MeasurementId
    start: Anchor
    end: Anchor


class RemoveMeasurement(Command, frozen=True, tag="remove_measurement"):
    """Take a measurement away."""

    measurement_id: MeasurementId


class PlaceCut(Command, frozen=True, tag="place_cut"):
    """Place a plane on a solid, for all to see; nothing is cut yet."""

    cut_id: CutId
    target_id: SolidId
    plane: Plane


class AdjustCut(Command, frozen=True, tag="adjust_cut"):
    """Put a placed plane elsewhere."""

    cut_id: CutId
    plane: Plane


class RemoveCut(Command, frozen=True, tag="remove_cut"):
    """Take a placed plane away."""

    cut_id: CutId


class ApplyCut(Command, frozen=True, tag="apply_cut"):
    """Cut along a placed plane. The server computes the pieces and records `RecordCut`."""

    cut_id: CutId


class MoveFragment(Command, frozen=True, tag="move_fragment"):
    """Put a fragment where `transform` takes it from its place as scanned."""

    fragment_id: FragmentId
    transform: RigidTransform


class Undo(Command, frozen=True, tag="undo"):
    """Take back one's own latest operation that still stands."""


class Redo(Command, frozen=True, tag="redo"):
    """Do one's own latest undone operation again."""


MemberCommand = (
    PinNote
    | EditNote
    | RemoveNote
    | MeasureDistance
    | RemoveMeasurement
    | PlaceCut
    | AdjustCut
    | RemoveCut
    | ApplyCut
    | MoveFragment
    | Undo
    | Redo
)


class OpenCase(Command, frozen=True, tag="open_case"):
    """Name the case and what it was made from."""

    title: str
    source: CaseSource


class AddSegment(Command, frozen=True, tag="add_segment"):
    """Add a segment with its surface."""

    segment: Segment


class AdmitMember(Command, frozen=True, tag="admit_member"):
    """Let somebody in."""

    member: Member


class RecordCut(Command, frozen=True, tag="record_cut"):
    """Replace a cut's target by its two pieces, as computed along `plane`."""

    cut_id: CutId
    plane: Plane
    positive: SurfaceRef
    negative: SurfaceRef


ServerCommand = OpenCase | AddSegment | AdmitMember | RecordCut
AnyCommand = MemberCommand | ServerCommand
