"""Errors of sessions.

::

    SessionError
    ├── RejectedCommandError     a rule refuses; the message goes to the member who asked
    │   └── ForbiddenError       the member's role may not ask this
    ├── StaleRevisionError       the log went on in the meantime
    ├── LogError                 the log cannot be read or written (disk full)
    │   ├── DamagedLogError      an entry is not as it was recorded; `revision` names it
    │   ├── RepeatedOperationError  an operation of that id is recorded already
    │   └── FencedError          another server has taken the room over
    ├── RoomError                no such room, or another server has it open
    ├── AuditError               the audit trail cannot be read or written
    │   └── DamagedAuditError    an entry is not as it was recorded; `sequence` names it
    ├── ArchiveError             an exported log is not one, or was changed
    └── InvitationError          no such invitation
        └── EndedInvitationError there was one: expired, used up or revoked
"""


class SessionError(Exception):
    """Say in one sentence what was found and what to do."""


class RejectedCommandError(SessionError):
    """A rule of the plan refuses a command."""


class ForbiddenError(RejectedCommandError):
    """The member's role does not allow the command."""


class StaleRevisionError(SessionError):
    """The log is at another revision than the caller believes."""


class LogError(SessionError):
    """The log cannot be read or written."""


class RepeatedOperationError(LogError):
    """The log holds an operation of that id already; nothing was recorded."""


class DamagedLogError(LogError):
    """An entry of the log is not as it was recorded.

    Parameters
    ----------
    revision : int
        The first one that is wrong.
    found : str
        What is wrong with it.
    """

    def __init__(self, revision: int, found: str) -> None:
        super().__init__(
            f"the log is damaged at revision {revision}: {found}; restore it from a backup"
        )
        self.revision = revision


class FencedError(LogError):
    """Another server has opened the room since; this one records nothing more."""


class RoomError(SessionError):
    """There is no such room, or it is in use."""


class AuditError(SessionError):
    """The audit trail cannot be read or written."""


class DamagedAuditError(AuditError):
    """An entry of the audit trail is not as it was recorded.

    Parameters
    ----------
    sequence : int
        The first one that is wrong.
    found : str
        What is wrong with it.
    """

    def __init__(self, sequence: int, found: str) -> None:
        super().__init__(
            f"the audit trail is damaged at entry {sequence}: {found}; keep the file as evidence "
            "and restore it from a backup"
        )
        self.sequence = sequence


class ArchiveError(SessionError):
    """An exported log cannot be read."""


class InvitationError(SessionError):
    """An invitation is unknown."""


class EndedInvitationError(InvitationError):
    """An invitation expired, was used up or was revoked."""
