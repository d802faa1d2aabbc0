"""Errors of sessions.

::

    SessionError
    ├── RejectedCommandError     a rule refuses; the message goes to the member who asked
    │   └── ForbiddenError       the member's role may not ask this
    ├── StaleRevisionError       the log went on in the meantime
    ├── LogError                 the log cannot be read or written (disk full, damaged)
    └── InvitationError          no such invitation, or no longer valid
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


class InvitationError(SessionError):
    """An invitation is unknown or no longer valid."""
