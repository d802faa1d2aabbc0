from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sessions.audit.chain import MAX_PAYLOAD_BYTES, Head, Row, checked
from sessions.audit.records import Actor, AuditEvent, Kind, code_of
from sessions.errors import DamagedAuditError
from sessions.plan.codec import sha256
from tests.sessions.audit.events import EVENTS, chained, event

TRAILS = st.lists(EVENTS, min_size=2, max_size=8)

MORE = settings(max_examples=60, deadline=None)


def first_bad(rows: Sequence[Row], head: Head) -> int:
    with pytest.raises(DamagedAuditError, match="keep the file as evidence") as caught:
        list(checked(rows, head))
    return caught.value.sequence


def place(data: st.DataObject, rows: Sequence[Row]) -> int:
    return data.draw(st.integers(0, len(rows) - 1), "place")


@MORE
@given(TRAILS)
def test_an_untouched_trail_is_read_as_it_was_noted(events: list[AuditEvent]) -> None:
    """K2."""
    rows, head = chained(events)
    assert [entry.event for entry in checked(rows, head)] == events


@MORE
@given(TRAILS, st.data())
def test_a_flipped_bit_is_named(events: list[AuditEvent], data: st.DataObject) -> None:
    """K2; row 60 of the abuse list."""
    rows, head = chained(events)
    at = place(data, rows)
    payload = bytearray(rows[at].payload)
    bit = data.draw(st.integers(0, 8 * len(payload) - 1), "bit")
    payload[bit // 8] ^= 1 << (bit % 8)
    rows[at] = rows[at]._replace(payload=bytes(payload))
    assert first_bad(rows, head) == at + 1


@MORE
@given(TRAILS, st.data())
def test_an_entry_that_was_put_for_another_is_given_away_by_the_next(
    events: list[AuditEvent], data: st.DataObject
) -> None:
    """K2."""
    rows, head = chained(events)
    at = place(data, rows)
    forged, _ = chained([*events[:at], AuditEvent(at_ms=1, kind=Kind.LEFT, count=7)])
    assume(forged[at] != rows[at])
    rows[at] = forged[at]
    assert first_bad(rows, head) == min(at + 2, len(rows))


@MORE
@given(TRAILS, st.data())
def test_a_row_that_is_labelled_otherwise_is_named(
    events: list[AuditEvent], data: st.DataObject
) -> None:
    """K2."""
    rows, head = chained(events)
    at = place(data, rows)
    row = rows[at]
    others = (row._replace(room_id="x"), row._replace(kind="x"), row._replace(hash="0" * 64))
    rows[at] = data.draw(st.sampled_from(others))
    assert first_bad(rows, head) == at + 1


@MORE
@given(TRAILS, st.data())
def test_a_deleted_entry_is_named(events: list[AuditEvent], data: st.DataObject) -> None:
    """K2; row 61 of the abuse list."""
    rows, head = chained(events)
    at = place(data, rows)
    del rows[at]
    assert first_bad(rows, head) == at + 1


@MORE
@given(TRAILS, st.data())
def test_a_cut_off_tail_is_named_by_what_is_missing_first(
    events: list[AuditEvent], data: st.DataObject
) -> None:
    """K2."""
    rows, head = chained(events)
    kept = place(data, rows)
    assert first_bad(rows[:kept], head) == kept + 1


@MORE
@given(TRAILS, st.data())
def test_swapped_entries_are_named_by_the_first(
    events: list[AuditEvent], data: st.DataObject
) -> None:
    """K2; row 61 of the abuse list."""
    rows, head = chained(events)
    one, other = sorted((place(data, rows), place(data, rows)))
    assume(one != other)
    numbers = [row.sequence for row in rows]
    rows[one], rows[other] = rows[other], rows[one]
    rows = [row._replace(sequence=number) for row, number in zip(rows, numbers, strict=True)]
    assert first_bad(rows, head) == one + 1


@MORE
@given(TRAILS, st.data())
def test_an_inserted_entry_is_named(events: list[AuditEvent], data: st.DataObject) -> None:
    """K2."""
    rows, head = chained(events)
    at = place(data, rows)
    forged, _ = chained([*events[:at], event(Kind.ACCOUNT_CHANGED)])
    assume(forged[-1].payload != rows[at].payload)
    later = [row._replace(sequence=row.sequence + 1) for row in rows[at:]]
    # The forged one follows the entry before it: what came after it gives it away.
    assert first_bad([*rows[:at], forged[-1], *later], head) == at + 2


@MORE
@given(TRAILS)
def test_an_entry_that_was_added_at_the_end_is_named(events: list[AuditEvent]) -> None:
    """K2."""
    rows, head = chained(events)
    longer, _ = chained([*events, event(Kind.ACCOUNT_CHANGED)])
    assert first_bad([*rows, longer[-1]], head) == len(rows) + 1


def test_a_head_that_names_another_entry_is_told() -> None:
    """K2."""
    rows, head = chained([event(), event(Kind.LEFT)])
    assert first_bad(rows, head._replace(hash="0" * 64)) == 2
    assert first_bad([], Head(0, "1" * 64)) == 1


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b'{"sequence":1}', b"[" * 5000, b"\xff", b"x" * 9000]
)
def test_what_is_no_entry_is_named_even_with_a_fitting_hash(payload: bytes) -> None:
    """K2."""
    row = Row(1, "", "opened", payload, sha256(payload))
    assert first_bad([row], Head(1, row.hash)) == 1
    assert len(payload) <= MAX_PAYLOAD_BYTES or len(payload) == 9000


@pytest.mark.parametrize(
    "text", ["Doe Jane", "Doe^Jane", "a\r\nb", "=cmd", "ä", "x" * 129, "<b>", "a\0"]
)
def test_an_entry_takes_no_free_text(text: str) -> None:
    """K1."""
    with pytest.raises(ValueError, match="ids and codes of up to 128"):
        AuditEvent(at_ms=0, kind=Kind.OPENED, action=text)
    with pytest.raises(ValueError, match="ids and codes"):
        Actor(account=text)
    assert code_of(text) == ""


def test_an_entry_takes_ids_login_names_and_addresses() -> None:
    """K1."""
    for text in ("theatre-1", "ana.reis+ward@hospital.example", "2001:db8::7%eth0", "10.0.0.7", ""):
        assert AuditEvent(at_ms=0, kind=Kind.OPENED, address=text).address == code_of(text) == text
