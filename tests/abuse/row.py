"""A row of the list of attacks, and the files that its tests are in."""

from dataclasses import dataclass
from typing import Final

SOCKETS: Final = "tests/abuse/test_abuse_sockets.py"
FLOODS: Final = "tests/abuse/test_abuse_floods.py"
PANELS: Final = "tests/abuse/test_abuse_panels.py"
MEMBERS: Final = "tests/abuse/test_abuse_members.py"
SIGN_IN: Final = "tests/abuse/test_abuse_sign_in.py"
TEXT: Final = "tests/abuse/test_abuse_text.py"
WORDS: Final = "tests/abuse/test_abuse_words.py"
DURABILITY: Final = "tests/abuse/test_abuse_durability.py"

ACCESS: Final = "tests/workspace/test_access.py"
ROOM_SOCKET: Final = "tests/workspace/test_room_socket.py"
OUR_SIGN_IN: Final = "tests/workspace/test_sign_in.py"
LOG: Final = "tests/sessions/test_sqlite_log.py"
POWER_CUTS: Final = "tests/sessions/test_power_cuts.py"
ROOM: Final = "tests/sessions/test_room.py"
CHAIN: Final = "tests/sessions/audit/test_chain.py"


@dataclass(frozen=True, slots=True)
class Row:
    """An attack."""

    name: str
    bites: tuple[str, ...]
    """Tests in which it succeeds, on stock trame or a naive build: file and name."""
    here: tuple[str, ...]
    """Tests in which it fails."""


def tests(*names: str) -> tuple[str, ...]:
    """Return names of tests, each after the file that was named last."""
    file, found = "", []
    for name in names:
        if name.endswith(".py"):
            file = name
        else:
            found.append(f"{file}::test_{name}")
    return tuple(found)
