"""Rooms that nobody works in any more: each to a bundle that opens again, and out of serving."""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sessions.errors import LogError
from sessions.lobby import Lobby
from sessions.room_lock import RoomLock
from sessions.sqlite_log import read_log
from workspace.errors import RetentionError
from workspace.export.bundle import read_bundle, write_bundle
from workspace.operations.gauging import bytes_below
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.storage import blobs_in, rooms_in

ARCHIVE: Final = "archive"


def room_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield the rooms without an entry for longer than the rule allows."""
    days = rules.rooms.archive_after_days
    if days is None:
        return
    oldest = now - timedelta(days=days)
    lobby = Lobby(rooms_in(data))
    for room_id in lobby.room_ids():
        folder = lobby.folder_of(room_id)
        if _touched_at(folder, now) < oldest:
            yield Proposal(
                "archive_room",
                room_id,
                1,
                bytes_below(folder),
                lambda room_id=room_id, folder=folder: _archive(data, room_id, folder),  # type: ignore[misc]
                lambda folder=folder: _held(folder),  # type: ignore[misc]
                room_id,
            )


def _touched_at(folder: Path, now: datetime) -> datetime:
    """Return when the last entry was made; of a damaged room now: it is for somebody to look at."""
    try:
        log = read_log(folder)
    except LogError:
        return now
    if not log:
        return datetime.fromtimestamp(folder.stat().st_mtime, now.tzinfo)
    return datetime.fromisoformat(log[-1].at)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a room that no server has open."""
    lock = RoomLock.take(folder)
    try:
        yield
    finally:
        lock.release()


def _archive(data: Path, room_id: str, folder: Path) -> None:
    """Write the bundle, read it back, and only then remove the room; the caller holds it."""
    archive = data / ARCHIVE
    archive.mkdir(mode=0o700, exist_ok=True)
    bundle = archive / f"{room_id}.commissure"
    if bundle.exists():
        raise RetentionError(f"{ARCHIVE} holds a bundle of room {room_id} already; move it away")
    blobs = blobs_in(data)
    entries = read_log(folder)
    write_bundle(bundle, entries, blobs)
    bundle.chmod(0o600)
    if read_bundle(bundle, blobs.name_of) != entries:
        raise RetentionError(
            f"the bundle of room {room_id} does not read back; nothing was removed"
        )
    shutil.rmtree(folder)
