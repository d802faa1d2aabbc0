"""Text from files on a terminal: what is not a letter must not steer it."""

import io
import sys


def plain(text: str) -> str:
    r"""Return `text` on one line, without control characters and bytes that are no letters.

    Examples
    --------
    >>> plain("slice\x1b[2J\n.dcm")
    'slice?[2J?.dcm'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def let_any_name_be_printed() -> None:
    """Write what the terminal's encoding lacks as an escape, which JSON reads as the same text."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
