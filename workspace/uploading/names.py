"""Names of uploaded files: which are safe to make a file of, and which would collide."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from workspace.errors import UploadError
from workspace.uploading.limits import UploadLimits

_JOINERS: Final = "\u200c\u200d"
"""Persian and Indic words are spelt with them."""


def require_safe_path(path: str, at: int, limits: UploadLimits) -> None:
    """Refuse a relative path that could leave its folder, mislead a reader, or not be written.

    Parameters
    ----------
    path : str
        Names with slashes between, as the browser gives them.
    at : int
        Which file of the list it is. The message never holds the name itself: people put
        patients' names there.

    Raises
    ------
    UploadError
        ``"bad_name"``, with the number of the file.
    """
    found = _fault_of(path, limits)
    if found is not None:
        raise UploadError(f"the file's path {found}; rename it and choose it again", "bad_name", at)


def _fault_of(path: str, limits: UploadLimits) -> str | None:
    """Return what is wrong with a path, or None."""
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "is no valid text"
    parts = path.split("/")
    faults = (
        (not path, "is empty"),
        (size > limits.path_bytes, f"is longer than {limits.path_bytes} bytes"),
        (len(parts) > limits.depth, f"has more than {limits.depth} folders"),
        (path.startswith("/"), "is absolute"),
        ("\\" in path, "holds a backslash"),
        (any(_is_invisible(letter) for letter in path), "holds a character that cannot be seen"),
        (".." in parts, "leads out of its folder"),
        ("" in parts or "." in parts, "holds an empty name"),
        (
            any(len(part.encode()) > limits.name_bytes for part in parts),
            f"holds a name longer than {limits.name_bytes} bytes",
        ),
    )
    return next((what for is_so, what in faults if is_so), None)


def _is_invisible(letter: str) -> bool:
    """Return whether a character steers a terminal or the order of letters (bidi overrides)."""
    return unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} and letter not in _JOINERS


class TakenNames:
    """The names in a list so far, as a file system sees them that does not tell case."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        for path in paths:
            self._add(_folded(path))

    def take(self, path: str, at: int) -> None:
        """Add a path, unless a file or folder of that name is there.

        Raises
        ------
        UploadError
            ``"name_taken"``, with the number of the file.
        """
        folded = _folded(path)
        if folded in self._files or folded in self._folders or self._passes_a_file(folded):
            raise UploadError(
                "two files of the list have one name, or differ only in capital letters; rename "
                "one and choose them again",
                "name_taken",
                at,
            )
        self._add(folded)

    def _add(self, folded: str) -> None:
        self._files.add(folded)
        self._folders.update(_folders_above(folded))

    def _passes_a_file(self, folded: str) -> bool:
        return any(folder in self._files for folder in _folders_above(folded))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _folders_above(path: str) -> list[str]:
    return [path[:at] for at, letter in enumerate(path) if letter == "/"]
