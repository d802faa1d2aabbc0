"""What a room turns away, by kind: for whoever counts or keeps it (metrics, the audit trail)."""

from collections.abc import Callable
from enum import StrEnum

from sessions.plan.records import MemberId


class Refusal(StrEnum):
    """Why a member's socket or message was turned away."""

    NO_HELLO = "no_hello"
    MALFORMED_MESSAGE = "malformed_message"
    TOO_MANY_COMMANDS = "too_many_commands"
    FORBIDDEN_COMMAND = "forbidden_command"
    REFUSED_COMMAND = "refused_command"
    STALLED_READER = "stalled_reader"
    TOO_MANY_SOCKETS = "too_many_sockets"
    MALFORMED_CALL = "malformed_call"
    """Of the panels' socket."""
    FORBIDDEN_CALL = "forbidden_call"


OnRefused = Callable[[Refusal, MemberId, str], None]
"""Hears the type of a command, too; must not wait, and never hears what was in the message."""
