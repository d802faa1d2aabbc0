"""Expressions by which a panel asks the room for something, written once."""

from typing import Final

SUBMIT: Final = "command = { n: command.n + 1, name: 'submit', command: "
"""Followed by the command, and two closing braces."""

NEW_ID: Final = "('p' + Date.now().toString(36) + Math.random().toString(36).slice(2, 10))"
"""An id that nobody else makes in the same millisecond."""

DO: Final = "command = { n: command.n + 1, name: "
"""Followed by the name of something that the view does, and a closing brace."""
