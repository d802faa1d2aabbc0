import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workspace.server.gate import MAX_FRAME_BYTES, Gate

GATE = Gate(frozenset({"panel"}), frozenset({"invitations"}))


def frame(call: dict[str, object], offset: int = 0, total: int | None = None) -> bytes:
    body = msgspec.msgpack.encode(call)
    size = len(body) if total is None else total
    return (
        (7).to_bytes(4, "little") + offset.to_bytes(4, "little") + size.to_bytes(4, "little") + body
    )


def call(method: str, *args: object) -> dict[str, object]:
    return {"id": "rpc:1", "method": method, "args": list(args), "kwargs": {}}


@pytest.mark.parametrize(
    "method",
    ["application.exit", "application.exit.later", "trame.force.push", "trame.error.client", ""],
)
def test_a_page_cannot_call_what_is_not_on_the_list(method: str) -> None:
    assert GATE.call_in(frame(call(method))) is None


def test_a_page_sets_its_own_keys_and_no_others() -> None:
    changes = [
        {"key": "panel", "value": "case"},
        {"key": "trame__template_main", "value": "<script>"},
        {"key": "trame__vue_use", "value": ["evil"]},
        {"key": "me", "value": {"owner": True}},
    ]
    passed = GATE.call_in(frame(call("trame.state.update", changes)))
    assert passed is not None
    assert passed["args"] == [[{"key": "panel", "value": "case"}]]


def test_only_known_triggers_are_called() -> None:
    assert GATE.call_in(frame(call("trame.trigger", "invitations", [], {}))) is not None
    assert GATE.call_in(frame(call("trame.trigger", "trigger__1", [], {}))) is None
    assert GATE.call_in(frame(call("trame.trigger"))) is None


def test_a_message_in_several_chunks_is_refused() -> None:
    whole = call("trame.state.get")
    assert GATE.call_in(frame(whole)) is not None
    assert GATE.call_in(frame(whole, offset=4)) is None
    assert GATE.call_in(frame(whole, total=4_000_000_000)) is None


def test_an_oversized_frame_is_refused() -> None:
    changes = [{"key": "panel", "value": "x" * MAX_FRAME_BYTES}]
    assert GATE.call_in(frame(call("trame.state.update", changes))) is None


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    GATE.call_in(data)
    header = (1).to_bytes(4, "little") + (0).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    passed = GATE.call_in(header + data)
    assert passed is None or passed["method"] is not None
