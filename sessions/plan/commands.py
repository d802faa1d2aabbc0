"""What can be asked of a plan. A `MemberCommand` may come from a browser, the others never do."""

import msgspec

from imaging.space import Plane, RigidTransform
from sessions.plan.findings import Findings
from sessions.plan.records import (
    AboutPoint,
    AboutRecord,
    Anchor,
    BranchId,
    CaseSource,
    CommentId,
    ControlPoint,
    CutId,
    FragmentId,
    Imaging,
    ImagingId,
    MarkupId,
    MarkupKind,
    MeasurementId,
    Member,
    MemberId,
    MessageId,
    NoteId,
    Owner,
    RecordRef,
    Role,
    Segment,
    SegmentId,
    SegmentStatus,
    SolidId,
    SurfaceRef,
    ThreadId,
    VersionId,
)
from sessions.plan.surroundings import Clipping, SubjectFrame


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


class PlaceMarkup(Command, frozen=True, tag="place_markup"):
    """Draw or measure something; what needs the surfaces or the images the server computes."""

    markup_id: MarkupId
    kind: MarkupKind
    points: tuple[ControlPoint, ...] = ()
    text: str = ""
    plane: Plane | None = None
    """The slice that it is drawn on."""
    solid_ids: tuple[SolidId, ...] = ()


class EditMarkup(Command, frozen=True, tag="edit_markup"):
    """Draw a markup through other points, or word it otherwise; what is left out stays."""

    markup_id: MarkupId
    points: tuple[ControlPoint, ...] | None = None
    plane: Plane | None = None
    """The slice that the new points are on; left out, the old one."""
    text: str | None = None


class RemoveMarkup(Command, frozen=True, tag="remove_markup"):
    """Take a markup away."""

    markup_id: MarkupId


class ShareClipping(Command, frozen=True, tag="share_clipping"):
    """Leave the same out of everybody's sight, on every branch; None: show everything again."""

    clipping: Clipping | None = None


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


class EditSegment(Command, frozen=True, tag="edit_segment"):
    """Change the properties of a segment; what is left out stays."""

    segment_id: SegmentId
    name: str | None = None
    colour: tuple[int, int, int] | None = None
    opacity: float | None = None
    owner: Owner | None = None
    code: str | None = None
    """SNOMED CT concept id; empty: none."""
    status: SegmentStatus | None = None
    group: str | None = None
    """Empty: none."""


class Rename(Command, frozen=True, tag="rename"):
    """Give a cut, a fragment, a measurement or a markup another name."""

    ref: RecordRef
    name: str


class LockRecord(Command, frozen=True, tag="lock_record"):
    """Keep everybody else from changing a record; refused where somebody else holds it."""

    ref: RecordRef


class UnlockRecord(Command, frozen=True, tag="unlock_record"):
    """Let go of a locked record."""

    ref: RecordRef


class OpenThread(Command, frozen=True, tag="open_thread"):
    """Say something about a point, a segment or a step."""

    thread_id: ThreadId
    about: AboutPoint | AboutRecord
    comment_id: CommentId
    text: str
    mentions: tuple[MemberId, ...] = ()


class Reply(Command, frozen=True, tag="reply"):
    """Say something more in a thread."""

    thread_id: ThreadId
    comment_id: CommentId
    text: str
    mentions: tuple[MemberId, ...] = ()


class EditComment(Command, frozen=True, tag="edit_comment"):
    """Say it otherwise."""

    thread_id: ThreadId
    comment_id: CommentId
    text: str
    mentions: tuple[MemberId, ...] = ()


class RemoveComment(Command, frozen=True, tag="remove_comment"):
    """Take a comment back; its place in the thread stays."""

    thread_id: ThreadId
    comment_id: CommentId


class ResolveThread(Command, frozen=True, tag="resolve_thread"):
    """Close a thread, or open it again."""

    thread_id: ThreadId
    resolved: bool


class SendMessage(Command, frozen=True, tag="send_message"):
    """Say something to the whole room."""

    message_id: MessageId
    text: str
    mentions: tuple[MemberId, ...] = ()


class SaveVersion(Command, frozen=True, tag="save_version"):
    """Keep the branch as it is now under a name."""

    version_id: VersionId
    name: str
    description: str = ""


class RequestReview(Command, frozen=True, tag="request_review"):
    """Ask the others to sign a version."""

    version_id: VersionId


class ReturnToDraft(Command, frozen=True, tag="return_to_draft"):
    """Take a version out of review; its signatures are void."""

    version_id: VersionId
    reason: str


class SignVersion(Command, frozen=True, tag="sign_version"):
    """Vouch for a version; the second person's signature approves it."""

    version_id: VersionId
    content_hash: str
    """Of what was looked at; another one is refused."""


class OpenBranch(Command, frozen=True, tag="open_branch"):
    """Begin a line of one's own at a version."""

    branch_id: BranchId
    name: str
    version_id: VersionId


class MergeRecords(Command, frozen=True, tag="merge_records"):
    """Make the chosen records as they are in a version; those absent there go."""

    version_id: VersionId
    choices: tuple[RecordRef, ...]


class ConfirmImaging(Command, frozen=True, tag="confirm_imaging"):
    """Say that the plan was checked against newer images and still holds."""

    imaging_id: ImagingId


class ChangeRole(Command, frozen=True, tag="change_role"):
    """Give a member another role; refused where it is no longer the expected one."""

    member_id: MemberId
    expected: Role
    role: Role


class DismissMember(Command, frozen=True, tag="dismiss_member"):
    """Keep a member from coming in again."""

    member_id: MemberId


MemberCommand = (
    PinNote
    | EditNote
    | RemoveNote
    | MeasureDistance
    | RemoveMeasurement
    | PlaceMarkup
    | EditMarkup
    | RemoveMarkup
    | ShareClipping
    | PlaceCut
    | AdjustCut
    | RemoveCut
    | ApplyCut
    | MoveFragment
    | EditSegment
    | Rename
    | LockRecord
    | UnlockRecord
    | OpenThread
    | Reply
    | EditComment
    | RemoveComment
    | ResolveThread
    | SendMessage
    | SaveVersion
    | RequestReview
    | ReturnToDraft
    | SignVersion
    | OpenBranch
    | MergeRecords
    | ConfirmImaging
    | ChangeRole
    | DismissMember
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


class ReceiveImaging(Command, frozen=True, tag="receive_imaging"):
    """Note that there are newer images: what was planned on the older ones is stale."""

    imaging: Imaging


class RecordFindings(Command, frozen=True, tag="record_findings"):
    """Keep what was computed of a markup; ignored where it changed meanwhile."""

    markup_id: MarkupId
    findings: Findings


class RecordFrames(Command, frozen=True, tag="record_frames"):
    """Note whose left is where in the images of twins."""

    frames: tuple[SubjectFrame, ...]


ServerCommand = (
    OpenCase | AddSegment | AdmitMember | RecordCut | ReceiveImaging | RecordFindings | RecordFrames
)
AnyCommand = MemberCommand | ServerCommand
