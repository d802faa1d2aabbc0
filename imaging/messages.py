"""Lines of JSON between a process and its worker.

File names are bytes, and old exports hold names in Latin-1; Python keeps such a byte as a lone
surrogate, which msgspec's own JSON refuses and the standard library's writes as an escape.
"""

import json
from typing import Any

import msgspec


class NoMessageError(Exception):
    """The bytes are no JSON object."""


def to_line(message: object) -> bytes:
    r"""Return `message` as one line, its end included.

    Parameters
    ----------
    message : object
        Whatever msgspec turns into plain values.

    Examples
    --------
    >>> to_line({"file": "k\udcf6pf"})
    b'{"file":"k\\udcf6pf"}\n'
    """
    return json.dumps(msgspec.to_builtins(message), separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes | bytearray) -> dict[str, Any]:
    """Return the object that a line holds.

    Raises
    ------
    NoMessageError
        It holds none.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NoMessageError from error
    if not isinstance(message, dict):
        raise NoMessageError
    return message
