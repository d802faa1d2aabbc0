"""What the audit trail says: ids and codes, never a patient's data and never free text."""

import re
from enum import IntEnum, StrEnum
from typing import Final

import msgspec

CODE_PATTERN: Final = re.compile(r"[A-Za-z0-9._:@+/%-]{0,128}")
"""What a text of an entry may be: an id, a code, a login name, a network address."""


class Kind(StrEnum):
    """What happened."""

    OPENED = "opened"
    LEFT = "left"
    SAW = "saw"
    CHANGED = "changed"
    REFUSED = "refused"
    EXPORTED = "exported"
    IMPORTED = "imported"
    INVITED = "invited"
    INVITATION_OPENED = "invitation_opened"
    INVITATION_REVOKED = "invitation_revoked"
    JOINED = "joined"
    ROLE_CHANGED = "role_changed"
    MEMBER_REMOVED = "member_removed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_CHANGED = "account_changed"
    ROOM_ADOPTED = "room_adopted"
    """From this revision on the changes of a room are in the trail."""
    ROOM_REMOVED = "room_removed"
    LOG_DISAGREES = "log_disagrees"
    """The room's log is not what the trail last noted of it."""
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    RETENTION_APPLIED = "retention_applied"
    AUDIT_EXPORTED = "audit_exported"
    AUDIT_INTERRUPTED = "audit_interrupted"
    """The trail could not be written; `count` events are in the server's memory no more."""
    SERVER_STARTED = "server_started"
    SERVER_STOPPED = "server_stopped"


class Outcome(IntEnum):
    """How it ended, with the numbers of DICOM PS3.15 and FHIR."""

    SUCCESS = 0
    MINOR_FAILURE = 4
    SERIOUS_FAILURE = 8
    MAJOR_FAILURE = 12


def require_codes(*texts: str) -> None:
    """Raise `ValueError` for a text that is no id, code or address: it might name a patient."""
    for text in texts:
        if not CODE_PATTERN.fullmatch(text):
            raise ValueError(
                "the audit trail holds ids and codes of up to 128 letters, digits and ._:@+/%- only"
            )


def code_of(text: str | None) -> str:
    """Return a text that comes from outside if it is a code, and nothing if it is none.

    Examples
    --------
    >>> code_of("ana.reis@hospital"), code_of("Doe^Jane 1961")
    ('ana.reis@hospital', '')
    """
    return text if text is not None and CODE_PATTERN.fullmatch(text) else ""


class Actor(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Who did it; nobody in particular where all is empty."""

    account: str = ""
    """Id or login name of an account."""
    member: str = ""
    """Id of a member of the room; their name stands in the room only."""
    role: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no code."""
        require_codes(self.account, self.member, self.role)


class Reference(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What it was done to."""

    kind: str = ""
    """For example "operation", "surface", "member", "version"."""
    id: str = ""
    revision: int = 0
    """Of the room, where the reference has one."""
    hash: str = ""
    """Of the room's log at that revision."""

    def __post_init__(self) -> None:
        """Refuse what is no code."""
        require_codes(self.kind, self.id, self.hash)


class AuditEvent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something that happened, before it has a place in the trail."""

    at_ms: int
    """UTC, milliseconds since 1970."""
    kind: Kind
    outcome: Outcome = Outcome.SUCCESS
    actor: Actor = Actor()
    address: str = ""
    """Network address of whoever asked; empty where it is not kept."""
    room_id: str = ""
    action: str = ""
    """Which command or which way, for example "move_fragment" or "stl"."""
    object: Reference = Reference()
    reason: str = ""
    """Why not, as a code."""
    count: int = 1
    """How many alike are told by this one event."""

    def __post_init__(self) -> None:
        """Refuse what is no code."""
        require_codes(self.address, self.room_id, self.action, self.reason)


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event in its place in the chain."""

    sequence: int
    event: AuditEvent
    previous_hash: str
    hash: str = ""
    """SHA-256 of the entry's canonical JSON with an empty `hash`."""
