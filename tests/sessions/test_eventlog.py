"""One set of rules for every log."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sessions.errors import (
    DamagedLogError,
    LogError,
    RejectedCommandError,
    RepeatedOperationError,
    StaleRevisionError,
)
from sessions.eventlog import EventLog, Health, Idle, MemoryLog, pages
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.events import Entry, MemberAdmitted
from sessions.plan.records import OperationId
from sessions.receipts import Receipt, Receipts
from sessions.snapshots import KEPT_LATEST, RUNGS_PER_AGE, thinned
from sessions.sqlite_log import SqliteLog
from sessions.talk_index import Talk, words_of
from tests.sessions.scene import ANA, BEN, MEMBERS


@pytest.fixture(params=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EventLog]:
    log = MemoryLog() if request.param == "memory" else await SqliteLog.open(tmp_path, "r")
    yield log
    await log.close()


def chain(
    length: int, after: Entry | None = None, at: str = "2026-01-02T03:04:05.000Z"
) -> list[Entry]:
    """Return entries that follow each other."""
    entries: list[Entry] = []
    for _ in range(length):
        revision = after.revision + 1 if after else 1
        after = seal(
            Entry(
                revision=revision,
                operation_id=OperationId(f"op{revision}"),
                member_id=ANA,
                at=at,
                events=(MemberAdmitted(member=MEMBERS[revision % 3]),),
                previous_hash=after.hash if after else FIRST_PREVIOUS_HASH,
                hash="",
            )
        )
        entries.append(after)
    return entries


async def test_what_was_appended_is_read(log: EventLog) -> None:
    """L3."""
    entries = chain(5)
    await log.append(entries[:2])
    await log.append(entries[2:])
    assert (await log.read()).entries == tuple(entries)


@pytest.mark.parametrize("revision", range(6))
async def test_a_log_is_read_from_any_revision(log: EventLog, revision: int) -> None:
    """L3."""
    entries = chain(5)
    await log.append(entries)
    assert (await log.read(revision)).entries == tuple(entries[revision:])


async def test_a_stale_append_records_nothing(log: EventLog) -> None:
    """L4."""
    first, second = chain(2)
    await log.append([first])
    with pytest.raises(StaleRevisionError, match="at revision 1, not at 0"):
        await log.append([first])
    with pytest.raises(StaleRevisionError, match="at revision 1, not at 1"):
        await log.append([replace(second, previous_hash="f" * 64)])
    assert (await log.read()).entries == (first,)


async def test_an_operation_is_recorded_once(log: EventLog) -> None:
    """L5."""
    (first,) = chain(1)
    await log.append([first])
    (second,) = chain(1, first)
    repeat = seal(replace(second, operation_id=first.operation_id))
    with pytest.raises(RepeatedOperationError, match="already; nothing was recorded"):
        await log.append([repeat])
    assert (await log.read()).entries == (first,)
    await log.append([second])


async def test_all_of_a_batch_is_recorded_or_nothing(log: EventLog) -> None:
    """L4."""
    first, second, third = chain(3)
    with pytest.raises(StaleRevisionError):
        await log.append([first, third])
    assert (await log.read()).entries == ()
    await log.append([first, second, third])


async def test_operations_that_changed_nothing_are_remembered(log: EventLog) -> None:
    """L5."""
    idle = Idle(OperationId("idle"), ANA, 0)
    await log.append([], [idle])
    await log.append(chain(1))
    history = await log.read()
    assert history.idle == (idle,)
    assert len(history.entries) == 1


async def test_an_empty_append_is_fine(log: EventLog) -> None:
    """L3."""
    await log.append([])
    assert (await log.read()).entries == ()


async def test_a_log_is_read_page_by_page(log: EventLog) -> None:
    """L16."""
    entries = chain(10)
    await log.append(entries)
    assert (await log.read(3, 4)).entries == tuple(entries[3:7])
    for size in (1, 3, 5, 10, 11):
        found = [page async for page in pages(log, 2, size=size)]
        assert [entry for page in found for entry in page] == entries[2:]
        assert max(map(len, found)) <= size


async def test_a_log_is_read_on_from_an_entry_that_its_reader_knows(log: EventLog) -> None:
    """L16."""
    entries = chain(4)
    await log.append(entries)
    assert (await log.read(2, after_hash=entries[1].hash)).entries == tuple(entries[2:])
    with pytest.raises(DamagedLogError, match="another entry than the one that its reader knows"):
        await log.read(2, after_hash=entries[2].hash)


async def test_what_became_of_an_operation_is_found_by_its_id(log: EventLog) -> None:
    """L17."""
    entries = chain(700)
    idle = [Idle(OperationId(f"idle{number}"), BEN, 3) for number in range(700)]
    await log.append(entries, idle)
    known = [it.operation_id for it in entries] + [it.operation_id for it in idle]
    assert list(await log.recorded([OperationId("op5"), OperationId("never")])) == ["op5"]
    found = await log.recorded(known)
    assert [found[it] for it in known] == [*entries, *idle]
    assert await log.recorded([]) == {}


async def test_receipts_that_are_not_at_hand_are_fetched_from_the_log(log: EventLog) -> None:
    """L17."""
    receipts = Receipts(log, at_hand=3)
    entries = chain(8)
    idle = Idle(OperationId("idle"), BEN, 2)
    await log.append(entries, [idle])
    for entry in entries:
        receipts.add(entry.member_id, entry.operation_id, Receipt(entry.revision, entry))
    assert receipts.find(ANA, OperationId("op1")) is None
    await receipts.fetch([OperationId("op6"), OperationId("op1"), idle.operation_id])
    assert receipts.find(ANA, OperationId("op1")) == Receipt(1, entries[0])
    assert receipts.find(ANA, OperationId("op6")) == Receipt(6, entries[5])
    assert receipts.find(BEN, idle.operation_id) == Receipt(2, None)
    assert receipts.find(ANA, OperationId("op8")) is None  # three are at hand
    with pytest.raises(RejectedCommandError, match="another member's"):
        receipts.find(BEN, OperationId("op1"))


async def test_the_latest_snapshot_up_to_a_revision_is_found(log: EventLog) -> None:
    """L18."""
    entries = chain(9)
    await log.append(entries)
    assert await log.latest_snapshot() is None
    for revision in (2, 5, 7):
        await log.save_snapshot(revision, b"state %d" % revision)
    await log.save_snapshot(8, b"another format", version=2)
    found = [await log.latest_snapshot(it) for it in (1, 2, 6, 7, None)]
    assert [it and it.revision for it in found] == [None, 2, 5, 7, 7]
    assert found[2] is not None
    assert (found[2].payload, found[2].entry_hash) == (b"state 5", entries[4].hash)
    history = await log.read(found[2].revision, after_hash=found[2].entry_hash)
    assert history.entries == tuple(entries[5:])
    with pytest.raises(LogError, match="there is no revision 10 to keep a snapshot of"):
        await log.save_snapshot(10, b"")


@given(
    steps=st.lists(st.integers(min_value=1, max_value=200), min_size=1, max_size=200),
)
@settings(max_examples=50)
def test_snapshots_grow_sparser_with_age_and_never_too_sparse(steps: list[int]) -> None:
    """L19."""
    revision, kept = 0, frozenset[int]()
    for step in steps:
        revision += step
        kept = thinned([*kept, revision])
    ordered = sorted(kept, reverse=True)
    assert ordered[0] == revision
    assert len(ordered) <= KEPT_LATEST + 2 * RUNGS_PER_AGE * (revision.bit_length() + 1)
    for newer, older in pairwise(ordered):
        age = revision - older
        assert newer - older <= max(2 * max(steps), age / 4)


async def test_snapshots_are_thinned_out_as_they_are_saved(log: EventLog) -> None:
    """L19."""
    await log.append(chain(100))
    saving = (log.save_snapshot(revision, b"x") for revision in range(1, 101))
    await asyncio.gather(*saving)
    found = {it.revision for n in range(1, 101) if (it := await log.latest_snapshot(n))}
    assert set(range(101 - KEPT_LATEST, 101)) < found
    assert len(found) < KEPT_LATEST + 30


def talk(revision: int, text: str, record_id: str = "n1") -> Talk:
    return Talk(revision, "note", record_id, ANA, text)


async def test_what_was_written_is_found_by_its_words(log: EventLog) -> None:
    """L20."""
    said = [
        talk(1, "mind the sagittal sinus"),
        talk(2, "Die Straße führt am Sinus vorbei"),
        talk(4, "sinus?", "n2"),
        talk(4, "no: the SINUS rectus", "n3"),
    ]
    for entry in chain(4):
        await log.append([entry], talk=[it for it in said if it.revision == entry.revision])
    assert await log.search("sinus") == tuple(reversed(said))
    assert await log.search("sin", limit=1) == (said[3], said[2])  # of one entry
    assert await log.search("sinus", before=4) == (said[1], said[0])
    assert await log.search("the sinu") == (said[3], said[0])
    assert await log.search("STRASSE fuhr") == (said[1],)
    assert await log.search("inus") == ()


@pytest.mark.parametrize("text", ["", " ", '"', "* OR NOT", "a\x00b", "\ud800", "-", "()", "^"])
async def test_any_text_can_be_searched_for(log: EventLog, text: str) -> None:
    """L20."""
    await log.append(chain(1), talk=[talk(1, "one OR two")])
    assert len(await log.search(text)) <= 1
    assert await log.search("one", limit=0) == ()


async def test_talk_of_an_append_that_was_refused_is_not_found(log: EventLog) -> None:
    """L20."""
    first, second = chain(2)
    with pytest.raises(StaleRevisionError):
        await log.append([second], talk=[talk(2, "too soon")])
    await log.append([first])
    assert await log.search("soon") == ()


LETTERS = st.text(st.sampled_from("aAäßéЖ漢字 1_-.'\"*"), max_size=12)


@given(texts=st.lists(LETTERS, min_size=1, max_size=6), sought=LETTERS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_log_finds_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], sought: str
) -> None:
    """L20."""
    memory = MemoryLog()
    sqlite = await SqliteLog.open(tmp_path_factory.mktemp("room"), "r")
    for entry, text in zip(chain(len(texts)), texts, strict=True):
        said = [talk(entry.revision, text)]
        await memory.append([entry], talk=said)
        await sqlite.append([entry], talk=said)
    found = await memory.search(sought)
    assert await sqlite.search(sought) == found
    assert all(any(w.startswith(words_of(sought)[0]) for w in words_of(it.text)) for it in found)
    await sqlite.close()


async def test_revisions_order_everything_though_the_clock_goes_back(log: EventLog) -> None:
    """L21."""
    (first,) = chain(1, at="2026-01-02T03:04:05.000Z")
    (second,) = chain(1, first, at="2026-01-02T02:04:05.000Z")
    (third,) = chain(1, second, at="2026-01-02T02:04:06.000Z")
    for entry in (first, second, third):
        await log.append([entry], talk=[talk(entry.revision, f"word {entry.revision}")])
        await log.save_snapshot(entry.revision, b"")
    assert (await log.read()).entries == (first, second, third)
    assert [it.revision for it in await log.search("word")] == [3, 2, 1]
    assert (latest := await log.latest_snapshot()) is not None
    assert latest.revision == 3


async def test_a_log_that_records_is_well(log: EventLog) -> None:
    """L15."""
    await log.append(chain(1))
    assert log.health == Health()
