"""What a command leads to: events, nothing, or a refusal in one sentence. Pure."""

from typing import assert_never

from sessions.plan.casework import (
    add_segment,
    admit_member,
    change_role,
    dismiss_member,
    open_case,
)
from sessions.plan.commands import (
    AddSegment,
    AdjustCut,
    AdmitMember,
    ApplyCut,
    ChangeRole,
    ConfirmImaging,
    DismissMember,
    EditComment,
    EditMarkup,
    EditNote,
    EditSegment,
    LockRecord,
    MeasureDistance,
    MoveFragment,
    OpenBranch,
    OpenCase,
    OpenThread,
    PinNote,
    PlaceCut,
    PlaceMarkup,
    ReceiveImaging,
    RecordCut,
    RecordFindings,
    RecordFrames,
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
    UnlockRecord,
)
from sessions.plan.cutting import (
    adjust_cut,
    apply_cut,
    move_fragment,
    place_cut,
    record_cut,
    remove_cut,
)
from sessions.plan.editing import edit_segment, lock_record, rename, require_unlocked, unlock_record
from sessions.plan.events import PlanEvent
from sessions.plan.marking import edit_markup, place_markup, record_findings, remove_markup
from sessions.plan.pinning import (
    edit_note,
    measure_distance,
    pin_note,
    remove_measurement,
    remove_note,
)
from sessions.plan.records import MemberId, Plan
from sessions.plan.surrounding import record_frames, share_clipping
from sessions.plan.talking import (
    edit_comment,
    open_thread,
    remove_comment,
    reply,
    resolve_thread,
    send_message,
)
from sessions.plan.versioning import (
    confirm_imaging,
    open_branch,
    receive_imaging,
    request_review,
    return_to_draft,
    save_version,
    sign_version,
)

PlanningCommand = (
    PinNote
    | EditNote
    | RemoveNote
    | MeasureDistance
    | RemoveMeasurement
    | PlaceMarkup
    | EditMarkup
    | RemoveMarkup
    | RecordFindings
    | PlaceCut
    | AdjustCut
    | RemoveCut
    | ApplyCut
    | MoveFragment
    | EditSegment
    | Rename
    | LockRecord
    | UnlockRecord
    | RecordCut
)
"""Changes one branch."""

TalkCommand = OpenThread | Reply | EditComment | RemoveComment | ResolveThread | SendMessage

VersionCommand = (
    SaveVersion
    | RequestReview
    | ReturnToDraft
    | SignVersion
    | OpenBranch
    | ConfirmImaging
    | ReceiveImaging
)

CaseCommand = (
    OpenCase | AddSegment | AdmitMember | ChangeRole | DismissMember | ShareClipping | RecordFrames
)

PlanCommand = PlanningCommand | TalkCommand | VersionCommand | CaseCommand
"""What the plan alone decides; undo, redo and merging need to know more, see `sessions.state`."""


def decide(plan: Plan, command: PlanCommand, *, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
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
    if isinstance(command, TalkCommand):
        return _talk(plan, command, by, at)
    if isinstance(command, VersionCommand):
        return _version(plan, command, by, at)
    if isinstance(command, CaseCommand):
        return _case(plan, command, by, at)
    events = _plan(plan, command, by, at)
    require_unlocked(plan, events, by)
    return events


def _plan(  # noqa: C901, PLR0911, PLR0912 (one line per command)
    plan: Plan, command: PlanningCommand, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
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
        case PlaceMarkup():
            return place_markup(plan, command, by, at)
        case EditMarkup():
            return edit_markup(plan, command, by)
        case RemoveMarkup():
            return remove_markup(plan, command, by)
        case RecordFindings():
            return record_findings(plan, command)
        case PlaceCut():
            return place_cut(plan, command, by)
        case AdjustCut():
            return adjust_cut(plan, command)
        case RemoveCut():
            return remove_cut(plan, command, by)
        case ApplyCut():
            return apply_cut(plan, command, by)
        case RecordCut():
            return record_cut(plan, command)
        case MoveFragment():
            return move_fragment(plan, command)
        case EditSegment():
            return edit_segment(plan, command)
        case Rename():
            return rename(plan, command)
        case LockRecord():
            return lock_record(plan, command, by, at)
        case UnlockRecord():
            return unlock_record(plan, command, by)
        case _:
            assert_never(command)


def _talk(plan: Plan, command: TalkCommand, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    match command:
        case OpenThread():
            return open_thread(plan, command, by, at)
        case Reply():
            return reply(plan, command, by, at)
        case EditComment():
            return edit_comment(plan, command, by, at)
        case RemoveComment():
            return remove_comment(plan, command, by, at)
        case ResolveThread():
            return resolve_thread(plan, command, by)
        case SendMessage():
            return send_message(plan, command, by, at)
        case _:
            assert_never(command)


def _version(  # noqa: PLR0911 (one line per command)
    plan: Plan, command: VersionCommand, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
    match command:
        case SaveVersion():
            return save_version(plan, command, by, at)
        case RequestReview():
            return request_review(plan, command)
        case ReturnToDraft():
            return return_to_draft(plan, command)
        case SignVersion():
            return sign_version(plan, command, by, at)
        case OpenBranch():
            return open_branch(plan, command, by, at)
        case ConfirmImaging():
            return confirm_imaging(plan, command, by)
        case ReceiveImaging():
            return receive_imaging(plan, command)
        case _:
            assert_never(command)


def _case(  # noqa: PLR0911 (one line per command)
    plan: Plan, command: CaseCommand, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
    match command:
        case OpenCase():
            return open_case(plan, command)
        case AddSegment():
            return add_segment(plan, command)
        case AdmitMember():
            return admit_member(plan, command)
        case ChangeRole():
            return change_role(plan, command)
        case DismissMember():
            return dismiss_member(plan, command, at)
        case ShareClipping():
            return share_clipping(plan, command, by)
        case RecordFrames():
            return record_frames(plan, command)
        case _:
            assert_never(command)
