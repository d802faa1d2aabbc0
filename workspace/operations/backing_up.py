"""A backup made while members work: databases first, then what they name.

The order is the consistency: the trail before the rooms, so that no change is on record that a
room lacks; rooms before surfaces, for a surface is on disk before an entry names it and never
changes afterwards. Each room is copied as it is at one moment.
"""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from imaging.progress import Progress
from sessions.lobby import Lobby
from sessions.sqlite_log import FILE_NAME
from workspace.errors import BackupError
from workspace.operations.backup_writing import Sink, writing
from workspace.operations.content import LINKS, files_of, is_database, is_immutable
from workspace.operations.databases import copy_database, facts_of, forget_access
from workspace.operations.manifest import FileFacts, Manifest, RoomFacts, encoded
from workspace.operations.named_blobs import named_in
from workspace.storage import blobs_in, rooms_in

MAINTENANCE_LOCK: Final = "maintenance.lock"
"""Shared by backups, exclusive for whoever deletes surfaces that nothing names."""


@dataclass(frozen=True, slots=True)
class BackupWish:
    """What is to be in a backup."""

    rooms: tuple[str, ...] = ()
    """None: everything of the data folder."""
    credentials: bool = True
    """Whether the cookies and links of members are in it; restoring leaves them out anyway,
    unless asked otherwise."""


WHOLE: Final = BackupWish()


def back_up(data: Path, out: Path, wish: BackupWish, progress: Progress) -> Manifest:
    """Write a backup of a data folder, also of one that is being served.

    Parameters
    ----------
    out : Path
        ``.zip``, or any other name for a folder; nothing may be there.

    Raises
    ------
    BackupError
        It cannot be written, or there is no such room or data folder.
    """
    if not data.is_dir():
        raise BackupError(f"there is no data folder {data}; name it with --data")
    if out.resolve().is_relative_to(data.resolve()):
        raise BackupError(
            f"{out} is within the data folder, so that the next backup would hold this one; name a "
            "place elsewhere"
        )
    with (
        maintenance(data, exclusive=False),
        tempfile.TemporaryDirectory(prefix=".backup-", dir=_scratch_beside(out)) as scratch,
        writing(out) as sink,
    ):
        copies = Path(scratch)
        rooms, databases = _copy_databases(data, copies, wish, progress)
        files = [*_put_databases(sink, copies, databases)]
        files += _put_files(sink, data, _others(data, copies, wish), progress)
        whole = {Path(it.path).name for it in files if it.sha256 == Path(it.path).name}
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            made_by=version("commissure"),
            is_whole=not wish.rooms,
            has_credentials=wish.credentials,
            rooms=rooms,
            files=tuple(files),
            missing=tuple(sorted(_surfaces_of(copies, rooms) - whole)),
        )
        sink.finish(encoded(manifest))
    return manifest


@contextlib.contextmanager
def maintenance(data: Path, *, exclusive: bool) -> Iterator[None]:
    """Hold the data folder against whoever deletes, or against all who copy.

    Raises
    ------
    BackupError
        Another one holds it.
    """
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    with (data / MAINTENANCE_LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(
                "a backup or a clean-up of this data folder is running; wait until it is done"
            ) from error
        yield


def _scratch_beside(out: Path) -> Path | None:
    """Return where copies can lie that are as private as the backup itself."""
    return out.parent if out.parent.is_dir() else None


def _copy_databases(
    data: Path, copies: Path, wish: BackupWish, progress: Progress
) -> tuple[tuple[RoomFacts, ...], list[str]]:
    """Copy the databases, the trail first, and say what each room adds up to."""
    lobby = Lobby(rooms_in(data))
    known = lobby.room_ids()
    chosen = wish.rooms or known
    for room_id in chosen:
        if room_id not in known:
            raise BackupError(f"there is no room {room_id} in {data}; see `commissure room list`")
    paths = [f"rooms/{room_id}/{FILE_NAME}" for room_id in chosen]
    if not wish.rooms:
        others = (it for it in files_of(data) if is_database(it) and it not in set(paths))
        paths = [*others, *paths]
    facts = []
    for done, path in enumerate(paths):
        progress("Copying databases", done, len(paths))
        copy = copies / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.startswith("rooms/"):
            _copy_room(data / path, copy)
            facts.append(facts_of(copy.parent))
        else:
            copy_database(data / path, copy)
        if not wish.credentials:
            forget_access(copy)
    return tuple(facts), paths


def _copy_room(source: Path, target: Path) -> None:
    """Copy a room's file; one that SQLite cannot read, byte by byte: others are worth a backup."""
    try:
        copy_database(source, target)
    except BackupError:
        shutil.copyfile(source, target)


def _surfaces_of(copies: Path, rooms: Sequence[RoomFacts]) -> set[str]:
    """Return the surfaces that the logs of sound rooms name."""
    from sessions.sqlite_log import read_log
    from workspace.export.bundle import surfaces_in

    sound = (room for room in rooms if not room.damage)
    return {
        sha256
        for room in sound
        for sha256 in surfaces_in(read_log(copies / "rooms" / room.room_id))
    }


def _others(data: Path, copies: Path, wish: BackupWish) -> list[str]:
    """Return what is no database: all of it, or the surfaces that the chosen rooms name."""
    if wish.rooms:
        blobs = blobs_in(data)
        needed = named_in(copies / "rooms" / room_id / FILE_NAME for room_id in wish.rooms)
        there = (blobs.path(sha256) for sha256 in sorted(needed) if blobs.has(sha256))
        return [str(path.relative_to(data)) for path in there]
    files = (it for it in files_of(data) if not is_database(it))
    return [it for it in files if wish.credentials or it.partition("/")[0] != LINKS]


def _put_databases(sink: Sink, copies: Path, paths: Sequence[str]) -> Iterator[FileFacts]:
    for path in paths:
        yield sink.put(path, copies / path, may_link=False)


def _put_files(
    sink: Sink, data: Path, paths: Sequence[str], progress: Progress
) -> Iterator[FileFacts]:
    for done, path in enumerate(paths):
        progress("Copying files", done, len(paths))
        # Erased meanwhile: then it is not missed.
        with contextlib.suppress(FileNotFoundError):
            yield sink.put(path, data / path, may_link=is_immutable(path))
    progress("Copying files", len(paths), len(paths))
