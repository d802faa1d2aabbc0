"""Checking the trail, and that it and the rooms' logs vouch for each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sessions.audit.chain import Head
from sessions.audit.reading import read_trail
from sessions.audit.trail import FILE_NAME
from sessions.audit.vouching import Vouched, Witness
from sessions.errors import AuditError, LogError
from sessions.lobby import Lobby
from sessions.plan.events import Entry
from sessions.sqlite_log import read_log
from workspace.storage import rooms_in


class Checked(NamedTuple):
    """A trail in which every entry is in its place."""

    head: Head
    rooms: dict[str, Vouched]


class CheckedRoom(NamedTuple):
    """A room whose log is whole, and fits the trail."""

    log: tuple[Entry, ...]
    vouched: Vouched


def verify_room(data: Path, room_id: str) -> CheckedRoom:
    """Check a room's log and the trail, one against the other.

    Raises
    ------
    DamagedLogError
        The first entry of the log that is wrong.
    DamagedAuditError
        The first entry of the trail that is wrong, or does not fit the log.
    SessionError
        There is no such room, or a file cannot be read.
    """
    folder = Lobby(rooms_in(data)).folder_of(room_id)
    read_log(folder)  # a damaged log is told before what follows from it
    _, witnesses = _heard(data)
    log = read_log(folder)  # again, after the trail: in a room that is open both go on
    return CheckedRoom(log, witnesses.get(room_id, Witness()).require_fits(log))


def verify_all(data: Path) -> Checked:
    """Check the trail of a data folder against the logs of all its rooms.

    Raises
    ------
    DamagedAuditError
        The first entry that is wrong, or does not fit a log.
    AuditError
        The trail, or a log, cannot be read.
    """
    head, witnesses = _heard(data)
    logs = {room_id: _log(data, room_id) for room_id in witnesses}
    rooms = {room_id: it.require_fits(logs[room_id]) for room_id, it in witnesses.items()}
    return Checked(head, rooms)


def _heard(data: Path) -> tuple[Head, dict[str, Witness]]:
    """Return the head of the trail, and what it knows of each room."""
    head = Head()
    witnesses: dict[str, Witness] = {}
    for entry in read_trail(data / FILE_NAME):
        head = Head(entry.sequence, entry.hash)
        if entry.event.room_id:
            witnesses.setdefault(entry.event.room_id, Witness()).hear(entry)
    return head, witnesses


def _log(data: Path, room_id: str) -> Sequence[Entry]:
    """Return a room's log; of a room that is gone, an empty one."""
    lobby = Lobby(rooms_in(data))
    if room_id not in lobby.room_ids():
        return ()
    try:
        return read_log(lobby.folder_of(room_id))
    except LogError as error:
        raise AuditError(f"room {room_id}: {error}") from error
