"""What goes over the room socket: messages as JSON, and whole WebSocket frames around them.

A frame of ours is neither compressed nor in parts, so that it is made once and its bytes are
written to every recipient as they are, between aiohttp's own pings and closes.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from sessions.protocol import ServerMessage

PING: Final = b"\x89\x00"
"""An empty ping; what comes back shows that somebody is there."""

_TEXT: Final = 0x81
"""A text frame that is the whole message."""

_PONG: Final = 0x8A

_IN_ONE_BYTE: Final = 125
_IN_TWO_BYTES: Final = 0xFFFF

_encoder = msgspec.json.Encoder()


def encoded(message: ServerMessage) -> bytes:
    """Return a message as JSON."""
    return _encoder.encode(message)


def frame_of(messages: Sequence[bytes]) -> bytes:
    r"""Return a text frame that holds an array of encoded messages.

    References
    ----------
    RFC 6455, section 5.2.

    Examples
    --------
    >>> frame_of([b'{"a":1}', b"{}"])
    b'\x81\x0c[{"a":1},{}]'
    """
    return _framed(_TEXT, b"[%b]" % b",".join(messages))


def pong_of(payload: bytes) -> bytes:
    """Return the answer to a ping."""
    return _framed(_PONG, payload)


def _framed(first_byte: int, payload: bytes) -> bytes:
    length = len(payload)
    if length <= _IN_ONE_BYTE:
        return b"%c%c%b" % (first_byte, length, payload)
    if length <= _IN_TWO_BYTES:
        return b"%c\x7e%b%b" % (first_byte, length.to_bytes(2), payload)
    return b"%c\x7f%b%b" % (first_byte, length.to_bytes(8), payload)
