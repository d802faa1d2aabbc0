from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sessions.audit.chain import Head, checked, seal
from sessions.audit.records import AuditEntry, AuditEvent, Kind, Reference
from sessions.audit.vouching import require_vouched
from sessions.errors import DamagedAuditError
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.events import Entry
from sessions.plan.records import OperationId
from sessions.room import Room
from tests.sessions.audit.events import NOW_MS, adoption, chained, change, changes_of, event
from tests.sessions.scene import ANA, counted, furnish, pin

START = adoption(0, FIRST_PREVIOUS_HASH)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[tuple[Entry, ...]]:
    room = await furnish(await Room.open(tmp_path, "r1", new_id=counted()))
    await room.submit(ANA, OperationId("pin"), pin())
    yield (await room.entries())
    await room.close()


def entries(*events: AuditEvent) -> list[AuditEntry]:
    rows, head = chained(events)
    return list(checked(rows, head))


def opened_at(revision: int) -> AuditEvent:
    named = Reference(kind="room", revision=revision)
    return AuditEvent(at_ms=NOW_MS, kind=Kind.OPENED, room_id="r1", object=named)


def bad(of_room: list[AuditEntry], log: tuple[Entry, ...]) -> int:
    with pytest.raises(DamagedAuditError) as caught:
        require_vouched(of_room, log)
    return caught.value.sequence


def test_a_trail_and_a_log_that_agree_vouch_for_each_other(log: tuple[Entry, ...]) -> None:
    """K6."""
    last = len(log)
    of_room = entries(START, *changes_of(log), opened_at(last), event(Kind.LEFT))
    assert require_vouched(of_room, log) == (0, last, 0)


def test_a_room_that_was_adopted_later_is_vouched_for_from_there(log: tuple[Entry, ...]) -> None:
    """K6."""
    of_room = entries(adoption(3, log[2].hash), *changes_of(log, 3))
    assert require_vouched(of_room, log) == (3, len(log), 0)


def test_a_room_without_an_audit_is_told_so(log: tuple[Entry, ...]) -> None:
    """K6."""
    assert require_vouched([], log) == (None, 0, len(log))


def test_a_log_that_holds_another_entry_is_found(log: tuple[Entry, ...]) -> None:
    """K6."""
    forged = list(changes_of(log))
    forged[2] = change(3, "f" * 64)
    assert bad(entries(START, *forged), log) == 4


def test_a_log_that_was_adopted_as_another_is_found(log: tuple[Entry, ...]) -> None:
    """K6."""
    assert bad(entries(adoption(2, "f" * 64)), log) == 1


def test_a_log_that_was_cut_short_is_found(log: tuple[Entry, ...]) -> None:
    """K6."""
    assert bad(entries(START, *changes_of(log)), log[:-1]) == len(log) + 1


def test_a_change_that_the_trail_lacks_is_found(log: tuple[Entry, ...]) -> None:
    """K6."""
    known = changes_of(log)
    assert bad(entries(START, *known[:2], *known[3:]), log) == 4
    assert bad(entries(START, *known[:2], opened_at(3)), log) == 4
    assert bad(entries(*known), log) == 1


def test_the_latest_changes_may_be_on_their_way(log: tuple[Entry, ...]) -> None:
    """K7."""
    of_room = entries(START, *changes_of(log)[:-2])
    assert require_vouched(of_room, log) == (0, len(log) - 2, 2)


def test_what_the_server_found_out_about_a_log_stays_told(log: tuple[Entry, ...]) -> None:
    """K6."""
    found = adoption(2, log[1].hash, Kind.LOG_DISAGREES)
    assert bad(entries(START, *changes_of(log)[:3], found, *changes_of(log, 2)), log) == 5


def test_a_restored_room_is_vouched_for_from_its_backup_on(log: tuple[Entry, ...]) -> None:
    """K6."""
    known = changes_of(log)
    restored = adoption(2, log[1].hash, Kind.RESTORED)
    of_room = entries(START, *known[:3], change(4, "f" * 64), restored, *known[2:])
    assert require_vouched(of_room, log) == (2, len(log), 0)


def test_a_room_made_anew_under_an_id_is_another_one(log: tuple[Entry, ...]) -> None:
    """K6."""
    former = [START, change(1, "e" * 64), event(Kind.ROOM_REMOVED)]
    assert require_vouched(entries(*former, START, *changes_of(log)), log).waiting == 0
    assert require_vouched(entries(*former), log).since is None


def test_the_head_is_of_the_entry_that_was_sealed_last() -> None:
    """K2."""
    entry = seal(event(), Head())
    assert (entry.sequence, entry.previous_hash) == (1, FIRST_PREVIOUS_HASH)
