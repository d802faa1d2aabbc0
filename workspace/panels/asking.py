"""Expressions by which a panel asks for something, written once."""

from typing import Final

SUBMIT: Final = "command = { n: command.n + 1, name: 'submit', command: "
"""Followed by the command, and a closing brace."""

DO: Final = "command = { n: command.n + 1, name: "
"""Followed by the name of something that the view does, and a closing brace."""

NEW_ID: Final = "('p' + Date.now().toString(36) + Math.random().toString(36).slice(2, 10))"
"""An id that nobody else makes in the same millisecond."""


def submit(command: str) -> str:
    """Return the statement that asks the room for a command, written as JavaScript writes it."""
    return SUBMIT + command + " }"


def do(act: str, rest: str = "") -> str:
    """Return the statement that asks the view for one of its acts; `rest` says more of it."""
    return DO + "'" + act + "'" + (", " + rest if rest else "") + " }"


def may(permission: str) -> str:
    """Return the condition that the member's role has a permission."""
    return "me.may.includes('" + permission + "')"


def may_change(command: str, row: str = "row") -> str:
    """Return the condition that the role may ask for a command and nobody else has locked it."""
    return "$panels.mayChange(locks, me, " + row + ", '" + command + "')"


def choose(row: str = "row") -> str:
    """Return the statement that selects what a row is about, or lets go of it."""
    return "selected_id = selected_id === " + row + ".id ? null : " + row + ".id"
