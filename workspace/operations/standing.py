"""How a data folder stands: which databases it has, of which schema, and how much lies in it."""

import contextlib
import shutil
from pathlib import Path
from typing import NamedTuple

import apsw

from sessions.audit import trail
from sessions.errors import SessionError
from sessions.lobby import Lobby
from sessions.migrating import SCHEMA_VERSION
from sessions.sqlite_log import FILE_NAME
from workspace.accounts import tables
from workspace.operations.databases import facts_of, schema_version_of
from workspace.operations.gauging import bytes_below
from workspace.storage import accounts_in, blobs_in, rooms_in

_TRAIL_NOTES = "SELECT key, value FROM trail"


class DatabaseStanding(NamedTuple):
    """One database."""

    path: str
    """Relative to the data folder."""
    schema: int
    """0: unknown."""
    known_schema: int
    """The latest that this version reads."""
    problem: str
    """Empty: none."""

    @property
    def is_older(self) -> bool:
        """Whether opening it brings it up to date."""
        return not self.problem and 0 < self.schema < self.known_schema


class FolderStanding(NamedTuple):
    """The whole folder."""

    databases: tuple[DatabaseStanding, ...]
    bytes_in: dict[str, int]
    free_bytes: int


def standing_of(data: Path, *, replayed: bool = False) -> FolderStanding:
    """Return how a data folder stands; nothing is changed, and servers may run.

    Parameters
    ----------
    replayed : bool
        Also whether every room's log is whole: reads all of them.
    """
    lobby = Lobby(rooms_in(data))
    rooms = [_room(data, lobby.folder_of(room_id), replayed) for room_id in lobby.room_ids()]
    others = [*_accounts(data), *_trail(data)]
    sizes = {it.name: bytes_below(it) for it in sorted(data.iterdir()) if it.is_dir()}
    sizes["blobs/derived"] = bytes_below(blobs_in(data).folder / "derived")
    return FolderStanding((*rooms, *others), sizes, shutil.disk_usage(data).free)


def _room(data: Path, folder: Path, replayed: bool) -> DatabaseStanding:  # noqa: FBT001 (private)
    path = str((folder / FILE_NAME).relative_to(data))
    try:
        schema = schema_version_of(folder / FILE_NAME)
    except SessionError as error:
        return DatabaseStanding(path, 0, SCHEMA_VERSION, str(error))
    problem = facts_of(folder).damage if replayed else ""
    return DatabaseStanding(path, schema, SCHEMA_VERSION, problem)


def _accounts(data: Path) -> list[DatabaseStanding]:
    path = accounts_in(data)
    if not path.is_file():
        return []
    try:
        with contextlib.closing(apsw.Connection(str(path))) as connection:
            schema = int(str(connection.pragma("user_version")))
    except apsw.Error:
        return [DatabaseStanding(path.name, 0, tables.SCHEMA_VERSION, "cannot be read")]
    newer = "written by a newer version" if schema > tables.SCHEMA_VERSION else ""
    return [DatabaseStanding(path.name, schema, tables.SCHEMA_VERSION, newer)]


def _trail(data: Path) -> list[DatabaseStanding]:
    path, known = data / trail.FILE_NAME, int(trail.SCHEMA_VERSION)
    if not path.is_file():
        return []
    try:
        with contextlib.closing(apsw.Connection(str(path))) as connection:
            rows = {str(key): value for key, value in connection.execute(_TRAIL_NOTES)}
        schema = int(str(rows["schema_version"]))
    except (apsw.Error, KeyError, ValueError):
        return [DatabaseStanding(path.name, 0, known, "cannot be read")]
    newer = "written by a newer version" if schema > known else ""
    return [DatabaseStanding(path.name, schema, known, newer)]
