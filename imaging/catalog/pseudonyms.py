"""What is shown instead of a name: random, so that nothing leads back from it, and kept."""

import secrets
from collections.abc import Callable
from typing import Final

import apsw

NewCode = Callable[[int], str]
"""Makes a random code of a given length."""

LETTERS: Final = "23456789BCDFGHJKMNPQRTVWXYZ"
"""Without vowels, which make words, and without 0, 1, L and S, which are misread."""

LENGTH: Final = 4
"""531,441 codes."""

TRIES: Final = 8
"""With one length: where that many codes are taken, the catalogue is large enough for another."""


def random_code(length: int) -> str:
    """Return letters and digits at random."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_pseudonym(connection: apsw.Connection, new_code: NewCode) -> str:
    """Return one that no patient has yet, for example "Case 7F3K"."""
    attempt = 0
    while True:
        pseudonym = f"Case {new_code(LENGTH + attempt // TRIES)}"
        taken = connection.execute("SELECT 1 FROM patient WHERE pseudonym = ?", (pseudonym,)).get
        if not taken:
            return pseudonym
        attempt += 1
