"""Messages of the room socket: JSON text frames, one tagged union each way.

The browser never evolves the plan itself: the server sends each record of the *plan view* (the
plan with its derived values) that an entry changed, or null for one that is gone.
"""

from typing import Any, Literal

import msgspec

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.commands import MemberCommand
from sessions.plan.records import CutId, FragmentId, MemberId, OperationId, Role, SolidId

PROTOCOL_VERSION = 1


class Message(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True
):
    """One message."""


# From the browser.


class Hello(Message, frozen=True, tag="hello"):
    """The first message, within five seconds."""

    protocol: int


class Submit(Message, frozen=True, tag="submit"):
    """Ask for a command; sent again after a lost connection under the same operation id."""

    operation_id: OperationId
    command: MemberCommand


class Cursor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a member points on the anatomy."""

    solid_id: SolidId
    point_mm: Vector
    """In the anatomy's own frame."""


class Camera(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a member looks from, world, mm."""

    position: Vector
    focal_point: Vector
    view_up: Vector


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
    tool: Literal["select", "note", "measure", "cut", "move"] = "select"
    dragging: DraggedFragment | DraggedPlane | None = None


class Ping(Message, frozen=True, tag="ping"):
    """Measure the lag: answered by `Pong` with the same `sent_ms`."""

    sent_ms: float


ClientMessage = Hello | Submit | Presence | Ping


# From the server.

ViewKind = Literal["case", "segments", "fragments", "cuts", "notes", "measurements", "members"]


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


class Welcome(Message, frozen=True, tag="welcome"):
    """The whole plan view, on every connection."""

    protocol: int
    boot_id: str
    """Another one after the server was started again."""
    room_id: str
    member_id: MemberId
    role: Role
    revision: int
    state_hash: str
    view: dict[ViewKind, dict[str, dict[str, Any]]]
    """kind -> id -> record; `view["case"]["case"]` holds title and source."""
    present: tuple[MemberId, ...]
    activity: tuple[Activity, ...]
    """The latest 50, oldest first."""
    can_undo: bool
    can_redo: bool


class Advanced(Message, frozen=True, tag="advanced"):
    """An entry was recorded; to everybody, to its author also as the acknowledgement."""

    revision: int
    operation_id: OperationId
    activity: Activity
    changes: tuple[Change, ...]
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


class Failure(Message, frozen=True, tag="failure"):
    """The connection is about to be closed, and why."""

    reason: str


ServerMessage = (
    Welcome | Advanced | Acknowledged | Refused | PresenceUpdate | Progress | Pong | Failure
)
