"""Messages of the room socket: JSON text frames, one tagged union each way.

A frame from the browser holds one message, a frame from the server an array of them. The browser
never evolves the plan itself: the server sends each record of the *plan view* (the plan with its
derived values) that an entry changed, or null for one that is gone. A socket shows one branch at
a time. `docs/protocol.md` tells it message by message.
"""

from typing import Any, Literal

import msgspec

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.commands import MemberCommand
from sessions.plan.records import (
    MAIN,
    BranchId,
    CutId,
    FragmentId,
    MemberId,
    OperationId,
    RecordRef,
    Role,
    SolidId,
)
from sessions.plan.surroundings import Clipping

PROTOCOL_VERSION = 3


class Message(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """One message."""


# From the browser.


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page that was here before has on its screen."""

    boot_id: str
    revision: int


class Hello(Message, frozen=True, tag="hello"):
    """The first message, within five seconds."""

    protocol: int
    branch_id: BranchId = MAIN
    """The branch to show; the main one where there is none of that id."""
    seen: Seen | None = None
    """With it the server may answer with what is new since (`Resumed`)."""


class Submit(Message, frozen=True, tag="submit"):
    """Ask for a command; sent again after a lost connection under the same operation id."""

    operation_id: OperationId
    command: MemberCommand
    branch_id: BranchId = MAIN
    """The branch that the command is about."""
    seen: int | None = None
    """The revision on the member's screen: what others changed since is told in the answer."""


class Visit(Message, frozen=True, tag="visit"):
    """Show another branch: answered by a `Welcome`."""

    branch_id: BranchId


class Present(Message, frozen=True, tag="present"):
    """Lead everybody's view, or hand it over."""

    act: Literal["start", "ask", "grant", "take_back", "stop"]
    member_id: MemberId | None = None
    """To whom it is granted."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a member points."""

    solid_id: SolidId | None = None
    """None: at a place in the images."""
    point_mm: Vector
    """In the anatomy's own frame."""
    pane: str = ""
    """In which of their panes, by the page's own name for it."""


class Camera(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a member looks from, world, mm."""

    position: Vector
    focal_point: Vector
    view_up: Vector


class Panes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a member has laid out their screen, by the page's own names."""

    layout: str
    maximised: str | None = None
    """The pane that fills it."""


class DraggedFragment(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="fragment",
    forbid_unknown_fields=True,
):
    """A fragment under somebody's hand; nothing is decided until they let go."""

    fragment_id: FragmentId
    transform: RigidTransform


class DraggedPlane(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="plane",
    forbid_unknown_fields=True,
):
    """A plane under somebody's hand."""

    cut_id: CutId
    plane: Plane


class Presence(Message, frozen=True, tag="presence"):
    """What a member does right now: latest wins, never logged."""

    cursor: Cursor | None = None
    camera: Camera | None = None
    crosshair: Vector | None = None
    """Where the member's slices meet, world, mm."""
    panes: Panes | None = None
    clipping: Clipping | None = None
    """Their own, while they present: who follows sees inside, too."""
    tool: str = "select"
    """By the page's own name for it."""
    dragging: DraggedFragment | DraggedPlane | None = None
    selection: RecordRef | None = None
    editing: RecordRef | None = None
    """What the member is about to change: shown to the others beside it."""
    idle: bool = False
    """Nothing has been touched for a minute, or the page is hidden."""
    lag_ms: float | None = None
    """To the server and back, as the page measured it."""
    following: MemberId | None = None
    """Whose view the member looks through."""
    branch_id: BranchId = MAIN
    """The branch on the member's screen."""


class Ping(Message, frozen=True, tag="ping"):
    """Measure the lag: answered by `Pong` with the same `sent_ms`."""

    sent_ms: float


ClientMessage = Hello | Submit | Visit | Present | Presence | Ping


# From the server.

ViewKind = Literal[
    "case",
    "segments",
    "fragments",
    "cuts",
    "notes",
    "measurements",
    "markups",
    "members",
    "locks",
    "threads",
    "chat",
    "branches",
    "versions",
    "imaging",
    "status",
    "clipping",
    "frames",
]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the plan view as it is now, or None where it is gone."""

    kind: ViewKind
    id: str
    value: dict[str, Any] | None


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log as people read it."""

    revision: int
    member_id: MemberId
    at: str
    summary: str
    """For example "cut Skull into 2 fragments"; the page puts the member's name before it."""
    branch_id: BranchId = MAIN


class Overwrote(msgspec.Struct, frozen=True, kw_only=True):
    """An operation changed what somebody else had changed, which its author had not seen yet."""

    kind: str
    record_id: str
    member_id: MemberId
    """Whose change was overwritten."""
    summary: str
    """What they had done."""


class Presenting(Message, frozen=True, tag="presenting"):
    """Whose view everybody follows, and who asks to lead."""

    presenter_id: MemberId | None = None
    asked: tuple[MemberId, ...] = ()


class Welcome(Message, frozen=True, tag="welcome"):
    """The whole plan view of a branch: on a new connection, and after `Visit`."""

    protocol: int
    boot_id: str
    """Another one after the server was started again."""
    room_id: str
    member_id: MemberId
    role: Role
    may: tuple[str, ...]
    """The types of the commands that the role allows, and "present", "export"."""
    branch_id: BranchId
    revision: int
    state_hash: str
    view: dict[ViewKind, dict[str, dict[str, Any]]]
    """kind -> id -> record; `view["case"]["case"]` holds title and source."""
    present: tuple[MemberId, ...]
    presenting: Presenting
    activity: tuple[Activity, ...]
    """The latest 50, oldest first."""
    can_undo: bool
    can_redo: bool


class Resumed(Message, frozen=True, tag="resumed"):
    """The page may keep what it has; what is new follows as `Advanced`, in the same frame."""

    boot_id: str
    branch_id: BranchId
    revision: int
    """After what follows."""
    role: Role
    may: tuple[str, ...]
    present: tuple[MemberId, ...]
    presenting: Presenting
    can_undo: bool
    can_redo: bool


class Advanced(Message, frozen=True, tag="advanced"):
    """An entry was recorded; to everybody, to its author also as the acknowledgement."""

    revision: int
    operation_id: OperationId
    branch_id: BranchId
    activity: Activity
    changes: tuple[Change, ...]
    """To the branch that the socket shows; none where the entry is about another one.

    Of entries told in one frame, the last brings what all of them changed.
    """
    overwrote: tuple[Overwrote, ...]
    can_undo: bool
    """Whether the receiving member has something to undo."""
    can_redo: bool


class Acknowledged(Message, frozen=True, tag="acknowledged"):
    """The operation is on disk (also: was already, or changed nothing)."""

    operation_id: OperationId
    revision: int


class Refused(Message, frozen=True, tag="refused"):
    """The operation was not done; `reason` is for the member's eyes."""

    operation_id: OperationId
    reason: str


class PresenceUpdate(Message, frozen=True, tag="presence_update"):
    """The latest presence of members that changed since the last update; None: left."""

    members: dict[MemberId, Presence | None]


class Progress(Message, frozen=True, tag="progress"):
    """How far the server is with something that takes over a second; done == total: finished."""

    job: str
    label: str
    done: int
    total: int


class Pong(Message, frozen=True, tag="pong"):
    """Answer to a `Ping`."""

    sent_ms: float


class Pace(Message, frozen=True, tag="pace"):
    """The page's presence comes so much before the room's tick: it would be newer if sent later."""

    early_ms: float


class Failure(Message, frozen=True, tag="failure"):
    """The connection is about to be closed, and why."""

    reason: str


ServerMessage = (
    Welcome
    | Resumed
    | Advanced
    | Acknowledged
    | Refused
    | Presenting
    | PresenceUpdate
    | Progress
    | Pong
    | Pace
    | Failure
)
