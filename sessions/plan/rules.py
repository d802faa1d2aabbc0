"""What a command leads to: events, nothing, or a refusal in one sentence. Pure."""

from typing import assert_never

from sessions.plan.casework import add_segment, admit_member, open_case
from sessions.plan.commands import (
    AddSegment,
    AdjustCut,
    AdmitMember,
    ApplyCut,
    EditNote,
    MeasureDistance,
    MoveFragment,
    OpenCase,
    PinNote,
    PlaceCut,
    RecordCut,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    ServerCommand,
)
from sessions.plan.cutting import (
    adjust_cut,
    apply_cut,
    move_fragment,
    place_cut,
    record_cut,
    remove_cut,
)
from sessions.plan.events import PlanEvent
from sessions.plan.pinning import (
    edit_note,
    measure_distance,
    pin_note,
    remove_measurement,
    remove_note,
)
from sessions.plan.records import MemberId, Plan

PlanCommand = (
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
    | ServerCommand
)
"""What the plan alone decides; undo and redo also need to know who did what, see `plan.undo`."""


def decide(  # noqa: C901, PLR0911, PLR0912 (one line per command)
    plan: Plan, command: PlanCommand, *, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
    """Return the events that `command` leads to; none where nothing would change.

    Parameters
    ----------
    by : MemberId
        Who asks; whether their role allows it was checked by `sessions.members`.
    at : str
        UTC, ISO 8601: when a note or measurement is created.

    Raises
    ------
    RejectedCommandError
        A rule refuses; the sentence is for the one who asked.
    """
    match command:
        case PinNote():
            return pin_note(plan, command, by, at)
        case EditNote():
            return edit_note(plan, command, by)
        case RemoveNote():
            return remove_note(plan, command, by)
        case MeasureDistance():
            return measure_distance(plan, command, by, at)
        case RemoveMeasurement():
            return remove_measurement(plan, command, by)
        case PlaceCut():
            return place_cut(plan, command, by)
        case AdjustCut():
            return adjust_cut(plan, command)
        case RemoveCut():
            return remove_cut(plan, command, by)
        case ApplyCut():
            return apply_cut(plan, command)
        case RecordCut():
            return record_cut(plan, command)
        case MoveFragment():
            return move_fragment(plan, command)
        case OpenCase():
            return open_case(plan, command)
        case AddSegment():
            return add_segment(plan, command)
        case AdmitMember():
            return admit_member(plan, command)
        case _:
            assert_never(command)
