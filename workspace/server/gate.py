"""What a page may say to its own trame server: a short list, and nothing beyond.

Stock wslink lets any client call any exported method (stop the server, push state to others) and
reassembles messages of up to 4 GB. Our pages never send a message that needs more than one frame.
"""

import struct
from typing import Any, Final

import msgspec

LIFECYCLE: Final = frozenset({"client_connected", "client_exited", "client_unmounted"})
"""What trame's client tells; the server would keep any other name for good."""

MAX_FRAME_BYTES: Final = 64 * 1024
"""A panel's message holds a few changed values; a larger one is not from our page."""

_HEADER: Final = struct.Struct("<III")
"""wslink's chunk header: message id, offset, total size."""

Call = dict[str, Any]


class Gate:
    """Decide which frames of a page pass.

    Parameters
    ----------
    writable : frozenset of str
        Keys of state that the page may set.
    triggers : frozenset of str
        Names of triggers that the page may call.
    """

    def __init__(self, writable: frozenset[str], triggers: frozenset[str]) -> None:
        self._writable = writable
        self._triggers = triggers

    def call_in(self, frame: bytes) -> Call | None:
        """Return the call that a frame holds, cut down to what is allowed, or None."""
        call = read_call(frame)
        return None if call is None else self.allowed(call)

    def allowed(self, call: Call) -> Call | None:
        """Return a call cut down to what is allowed, or None."""
        # Arguments count, too: wslink answers those that do not fit with the traceback. Left out
        # are among others: stopping the server, pushing state to others, writing to its log.
        match call["method"], call["args"]:
            case ("wslink.hello", [dict()]) | ("trame.state.get", []):
                return call
            case "trame.lifecycle.update", [str(name)] if name in LIFECYCLE:
                return call
            case "trame.trigger", [str(name), list(), dict(named)]:
                return call if name in self._triggers and not named else None
            case "trame.state.update", [list(changes)]:
                return {**call, "args": [self._writable_in(changes)]}
            case _:
                return None

    def _writable_in(self, changes: list[object]) -> list[dict[str, object]]:
        return [
            {"key": key, "value": change.get("value")}
            for change in changes
            if isinstance(change, dict)
            and isinstance(key := change.get("key"), str)
            and key in self._writable
        ]


def read_call(frame: bytes) -> Call | None:
    """Return the call that a frame holds, or None: no page of ours has sent it."""
    if not _HEADER.size < len(frame) <= MAX_FRAME_BYTES:
        return None
    _, offset, total = _HEADER.unpack_from(frame)
    body = memoryview(frame)[_HEADER.size :]
    if offset != 0 or total != len(body):
        return None
    try:
        call = msgspec.msgpack.decode(body)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        return None
    if not isinstance(call, dict) or not isinstance(call.get("id"), str):
        return None
    arguments = call.get("args", [])
    keywords = call.get("kwargs") or {}
    if not isinstance(arguments, list) or keywords != {}:
        return None
    return {"id": call["id"], "method": call.get("method"), "args": arguments, "kwargs": {}}
