"""Which surfaces a data folder still needs: whatever any of its databases names.

Not by the types of events, of which later versions have more, but by sight: everything that looks
like a SHA-256 in any table counts as a name. Too much is kept rather than too little.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import apsw

from workspace.errors import BackupError
from workspace.operations.databases import texts_in

_SHA256: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def named_in(databases: Iterable[Path]) -> set[str]:
    """Return every SHA-256 that the databases hold as text.

    Raises
    ------
    BackupError
        One of them cannot be read, so nobody knows what it names.
    """
    found: set[str] = set()
    for path in databases:
        try:
            for text in texts_in(path):
                found.update(name.decode() for name in _SHA256.findall(text))
        except apsw.Error as error:
            raise BackupError(
                f"{path.parent.name}/{path.name} cannot be read, so nobody knows which surfaces it "
                "needs; restore it from a backup first"
            ) from error
    return found
