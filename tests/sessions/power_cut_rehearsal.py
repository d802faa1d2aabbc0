"""Members write to a log on a disk whose power is cut at any moment; then the log is looked at."""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final

import apsw

from sessions.chain import read_history
from sessions.credentials import Credentials
from sessions.errors import LogError
from sessions.eventlog import Idle
from sessions.invitations import hash_of
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.events import Entry, NoteEdited
from sessions.plan.records import NoteId, OperationId
from sessions.room_lock import RoomLock
from sessions.snapshots import find_snapshot
from sessions.sqlite_log import FILE_NAME, SqliteLog
from sessions.sqlite_writer import SqliteWriter
from sessions.talk_index import Talk
from tests.sessions.power_cut_disk import PowerCutDisk
from tests.sessions.scene import ANA, Ticking

MOST_CUTS_A_RUN: Final = 3
LONGEST_LIFE: Final = 100
"""Writes, syncs and changes of names; an opening takes 20 of them, a new file 50."""

CHECKPOINT_PAGES: Final = 12
"""A checkpoint every few commits, so that the cut often falls into one."""


class Verdict(Enum):
    """What a power cut left."""

    KEPT = "all that was acknowledged"
    LOST = "less than was acknowledged, but a whole log"
    DAMAGED = "no log that makes sense"


@dataclass
class Batch:
    """What one append records."""

    entries: list[Entry]
    idle: list[Idle]
    talk: list[Talk]


@dataclass
class Truth:
    """What was acknowledged, and what was asked when the power went."""

    batches: list[Batch] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    snapshot: int = 0
    doubtful: list[Batch] = field(default_factory=list)

    @property
    def last(self) -> Entry | None:
        """The entry that the next one follows."""
        batches = [*self.batches, *self.doubtful]
        return batches[-1].entries[-1] if batches else None


class HastyWriter(SqliteWriter):
    """A writer that checkpoints all the time, and may care less about the disk."""

    def __init__(self, path: Path, vfs: str, level: str) -> None:
        self._level = level
        self._tuned: apsw.Connection | None = None
        self.free = threading.Event()
        """Until it is set, what is asked waits together, whatever the threads do."""
        self.free.set()
        super().__init__(path, vfs)

    def _commit(self, group: list[Any]) -> None:
        self.free.wait()
        while not self._jobs.empty():
            following = self._jobs.get()
            if following is None:
                self._jobs.put(None)
                break
            group.append(following)
        super()._commit(group)

    def _connected(self) -> apsw.Connection:
        connection = super()._connected()
        if connection is not self._tuned:
            connection.wal_autocheckpoint(CHECKPOINT_PAGES)
            if self._level != "full":  # or else the pragma of the product is what is tested
                connection.pragma("synchronous", self._level)
            self._tuned = connection
        return connection


@dataclass
class Rehearsal:
    """One seeded run: lives that end in power cuts, and what must hold after each."""

    disk: PowerCutDisk
    folder: Path
    chance: random.Random
    level: str
    syncs_fail: bool = False
    truth: Truth = field(default_factory=Truth)
    numbers: int = 0

    async def run(self) -> Verdict:
        """Return the first verdict that is bad, or that all was kept."""
        for _ in range(self.chance.randint(1, MOST_CUTS_A_RUN)):
            self.disk.cut_at = self.chance.randrange(1, LONGEST_LIFE)
            if self.syncs_fail:
                self.disk.sync_fails_at = self.chance.randrange(self.disk.cut_at)
            verdict = await self._live()
            if verdict is not Verdict.KEPT:
                return verdict
            self.disk.reboot(self.chance)
        log = await self._opened()
        if log is None:
            return Verdict.DAMAGED
        verdict = await self._judged(log)
        if verdict is Verdict.KEPT:
            await self._work(log)  # which must succeed
            verdict = await self._judged(log)
        await log.close()
        return verdict

    async def _live(self) -> Verdict:
        """Open, compare, and work until the power goes."""
        log = await self._opened()
        if log is None:
            return Verdict.KEPT if self.disk.is_off else Verdict.DAMAGED
        verdict = await self._judged(log)
        while verdict is Verdict.KEPT and not self.disk.is_off:
            failed_syncs = self.disk.failed_syncs
            await self._work(log)
            if self.disk.failed_syncs > failed_syncs:
                verdict = await self._judged(log)
            if self.chance.random() < 0.1:
                self._checkpoint()
            if self.chance.random() < 0.05 and not self.disk.is_off:
                await log.close()
                reopened = await self._opened()
                if reopened is None:
                    return Verdict.KEPT if self.disk.is_off else Verdict.DAMAGED
                log = reopened
        await log.close()
        return verdict

    async def _opened(self) -> SqliteLog | None:
        """Open the log, at the second attempt if a sync failed, or return None."""
        failed_syncs = self.disk.failed_syncs
        writer = HastyWriter(self.folder / FILE_NAME, self.disk.name, self.level)
        try:
            return await SqliteLog.over(writer, RoomLock.take(self.folder), "r")
        except LogError:
            return await self._opened() if self.disk.failed_syncs > failed_syncs else None

    async def _work(self, log: SqliteLog) -> None:
        """Let a few ask at once, in one transaction or in several."""
        assert isinstance(log.writer, HastyWriter)
        log.writer.free.clear()
        work = asyncio.gather(
            *(self._ask(log) for _ in range(self.chance.randint(1, 4))), return_exceptions=True
        )
        await asyncio.sleep(0)  # all have asked
        failed_syncs = self.disk.failed_syncs
        log.writer.free.set()
        for failure in await work:
            is_expected = self.disk.is_off or self.disk.failed_syncs > failed_syncs
            if isinstance(failure, BaseException) and not is_expected:
                raise failure

    async def _ask(self, log: SqliteLog) -> None:
        match self.chance.randrange(6):
            case 0:
                token = await self._issue(log)
                self.truth.tokens.add(token)
            case 1 if self.truth.batches:
                await self._snapshot(log)
            case _:
                batch = self._batch()
                self.truth.doubtful.append(batch)
                await log.append(batch.entries, batch.idle, batch.talk)
                self.truth.doubtful.remove(batch)
                self.truth.batches.append(batch)

    async def _issue(self, log: SqliteLog) -> str:
        credentials = Credentials(log.writer, Ticking())
        return hash_of(await credentials.issue(ANA))

    async def _snapshot(self, log: SqliteLog) -> None:
        revision = self.truth.batches[-1].entries[-1].revision
        await log.save_snapshot(revision, b"x" * self.chance.randrange(9000))
        self.truth.snapshot = revision

    def _batch(self) -> Batch:
        """Return the next entries, some of them larger than a page, with what belongs to them."""
        entries, last = [], self.truth.last
        for _ in range(self.chance.randint(1, 3)):
            last = self._entry(last)
            entries.append(last)
        assert last is not None
        idle = [
            Idle(OperationId(f"{last.operation_id}-idle-{n}"), ANA, last.revision)
            for n in range(self.chance.randint(0, 1))
        ]
        talk = [
            Talk(it.revision, "note", "n1", ANA, f"words of {it.operation_id}")
            for it in entries
            if self.chance.random() < 0.3
        ]
        return Batch(entries, idle, talk)

    def _entry(self, last: Entry | None) -> Entry:
        self.numbers += 1
        text = "x" * self.chance.choice((1, 100, 6000))
        return seal(
            Entry(
                revision=last.revision + 1 if last else 1,
                operation_id=OperationId(f"op-{self.numbers}"),
                member_id=ANA,
                at="2026-01-02T03:04:05.000Z",
                events=(NoteEdited(note_id=NoteId("n1"), before="", after=text),),
                previous_hash=last.hash if last else FIRST_PREVIOUS_HASH,
                hash="",
            )
        )

    def _checkpoint(self) -> None:
        """Do what a backup or `room verify` may do beside the server."""
        with (
            suppress(apsw.Error),
            closing(apsw.Connection(str(self.folder / FILE_NAME), vfs=self.disk.name)) as beside,
        ):
            if self.level != "full":
                beside.pragma("synchronous", self.level)
            modes = (apsw.SQLITE_CHECKPOINT_PASSIVE, apsw.SQLITE_CHECKPOINT_TRUNCATE)
            beside.wal_checkpoint(mode=self.chance.choice(modes))

    async def _judged(self, log: SqliteLog) -> Verdict:
        """Compare what is there with what was acknowledged, and go on from what is there."""
        try:
            found = await log.writer.run(_look)
        except LogError:  # after a sync that failed, even looking begins with writes
            return Verdict.KEPT if self.disk.is_off else Verdict.DAMAGED
        if found.integrity != "ok":
            return Verdict.DAMAGED
        kept = self._batches_in(found.entries)
        if kept is None:
            return Verdict.DAMAGED
        idle = {it.operation_id for batch in kept for it in batch.idle}
        talk = [(it.record_id, it.text) for batch in kept for it in batch.talk]
        if (found.idle, found.talk) != (idle, talk):
            return Verdict.DAMAGED
        truth = self.truth
        is_less = (
            len(kept) < len(truth.batches)
            or not truth.tokens <= found.tokens
            or found.snapshot < truth.snapshot
        )
        self.truth = Truth(kept, found.tokens, found.snapshot)
        return Verdict.LOST if is_less else Verdict.KEPT

    def _batches_in(self, entries: tuple[Entry, ...]) -> list[Batch] | None:
        """Return the batches that the entries are; None where they are none, or part of one."""
        rest = list(entries)
        kept: list[Batch] = []
        for batch in [*self.truth.batches, *self.truth.doubtful]:
            if not rest:
                break
            if rest[: len(batch.entries)] != batch.entries:
                return None
            del rest[: len(batch.entries)]
            kept.append(batch)
        return None if rest else kept


@dataclass
class Found:
    """What is in the file."""

    integrity: str
    entries: tuple[Entry, ...]
    snapshot: int
    idle: set[str]
    talk: list[tuple[str, str]]
    tokens: set[str]


def _look(connection: apsw.Connection) -> Found:
    snapshot = find_snapshot(connection, None, 1)
    return Found(
        str(connection.pragma("integrity_check")),
        read_history(connection, 0, None, None).entries,
        snapshot.revision if snapshot else 0,
        {str(it) for (it,) in connection.execute("SELECT operation_id FROM idle")},
        [
            (str(it), str(text))
            for it, text in connection.execute("SELECT record_id, text FROM talk ORDER BY rowid")
        ],
        {str(it) for (it,) in connection.execute("SELECT token_hash FROM credentials")},
    )


async def image_of_a_new_room(disk: PowerCutDisk, folder: Path) -> dict[str, bytes]:
    """Return the files of a room that nothing has happened in."""
    disk.insert({}, 4096, spoils=False)
    await (await SqliteLog.open(folder, "r", vfs=disk.name)).close()
    return {name: bytes(content.data) for name, content in disk.files.items()}


async def verdicts(
    disk: PowerCutDisk,
    folder: Path,
    level: str,
    seeds: Iterable[int],
    *,
    syncs_fail: bool = False,
) -> Counter[Verdict]:
    """Return what became of seeded runs; of the first that went wrong with care, its seed."""
    image = await image_of_a_new_room(disk, folder)
    counted: Counter[Verdict] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        disk.chance = chance
        files = {} if seed % 8 == 0 and level == "full" else image
        spoils = chance.random() < 0.5 and not syncs_fail
        disk.insert(files, chance.choice((512, 4096)), spoils=spoils)
        verdict = await Rehearsal(disk, folder, chance, level, syncs_fail).run()
        assert level != "full" or verdict is Verdict.KEPT, f"seed {seed}: {verdict}"
        counted[verdict] += 1
    return counted
