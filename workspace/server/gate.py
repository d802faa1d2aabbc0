"""What a page may say to its own trame server: a short list, and nothing beyond.

Stock wslink lets any client call any exported method (stop the server, push state to others) and
reassembles messages of up to 4 GB. Our pages never send a message that needs more than one frame.
"""

import struct
from typing import Any, Final

import msgspec

ALLOWED_CALLS: Final = frozenset(
    {
        "wslink.hello",
        "trame.state.get",
        "trame.state.update",
        "trame.trigger",
        "trame.lifecycle.update",
    }
)
"""Left out among others: stopping the server, pushing state to others, writing to its log."""

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
        call = _unpack(frame)
        if call is None or call.get("method") not in ALLOWED_CALLS:
            return None
        if call["method"] == "trame.state.update":
            return self._with_writable_keys(call)
        if call["method"] == "trame.trigger" and not self._calls_known_trigger(call):
            return None
        return call

    def _calls_known_trigger(self, call: Call) -> bool:
        arguments = call["args"]
        return bool(arguments) and isinstance(arguments[0], str) and arguments[0] in self._triggers

    def _with_writable_keys(self, call: Call) -> Call | None:
        arguments = call["args"]
        if len(arguments) != 1 or not isinstance(arguments[0], list):
            return None
        changes = [
            {"key": change["key"], "value": change.get("value")}
            for change in arguments[0]
            if isinstance(change, dict) and change.get("key") in self._writable
        ]
        return {**call, "args": [changes]}


def _unpack(frame: bytes) -> Call | None:
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
    if not isinstance(arguments, list) or not isinstance(keywords, dict):
        return None
    return {"id": call["id"], "method": call.get("method"), "args": arguments, "kwargs": keywords}
