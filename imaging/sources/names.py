"""Names that come with the data, from archives and media directories: never followed blindly."""

import re
from typing import Final

LONGEST_PART_BYTES: Final = 255
"""What file systems take for one name (NAME_MAX)."""

LONGEST_NAME_BYTES: Final = 2048
"""Half of what Linux takes for a path (PATH_MAX), for the folder around it needs room too."""

DEEPEST: Final = 32
"""Folders in folders; an export has four or five."""

_DRIVE: Final = re.compile(r"[A-Za-z]:")


class UnsafeNameError(Exception):
    """The name leads out of the folder that it belongs to, or is none; says what is wrong."""


def safe_parts(name: str) -> tuple[str, ...]:
    r"""Return the folders and the file that `name` leads through, all below where it starts.

    Archives from Windows separate folders by backslashes; both kinds of slash separate here, so
    that nothing hides behind the other kind. Signs that cannot be printed become ``_``: they would
    steer the terminals and logs in which the name is shown.

    Raises
    ------
    UnsafeNameError
        The name is absolute, begins with a drive, climbs by ``..``, holds a NUL, or is too long.

    Examples
    --------
    >>> safe_parts("DICOM\\./IM1")
    ('DICOM', 'IM1')
    """
    path = name.replace("\\", "/")
    if "\0" in path:
        raise UnsafeNameError("holds a NUL")
    if path.startswith("/") or _DRIVE.match(path):
        raise UnsafeNameError("is an absolute path")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise UnsafeNameError("leads out of its folder by '..'")
    if not parts:
        raise UnsafeNameError("is empty")
    printed = tuple(printable(part) for part in parts)
    lengths = [len(part.encode()) for part in printed]
    if (
        max(lengths) > LONGEST_PART_BYTES
        or sum(lengths) + len(lengths) > LONGEST_NAME_BYTES
        or len(parts) > DEEPEST
    ):
        raise UnsafeNameError("is longer or deeper than file systems take")
    return printed


def printable(name: str) -> str:
    r"""Return `name` with ``_`` for every sign that cannot be printed.

    Examples
    --------
    >>> printable("slice\x1b[2J\r\n.dcm")
    'slice_[2J__.dcm'
    """
    return "".join(letter if letter.isprintable() else "_" for letter in name)


def shortened(name: str) -> str:
    """Return `name` as it stands in a message: printable, and no longer than a line."""
    longest = 80
    text = printable(name)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
