"""A disk in memory that loses its power: an SQLite VFS that keeps what a real disk may keep.

What was synced stays. Of what was written, cut short or grown since the last sync of its file, any
part may be there, sector by sector and without regard to order; the names of files that were made
or deleted may be as before until their folder was synced, which SQLite asks for with the first sync
of a journal and with some deletions. A disk that is not said to be safe to overwrite (SQLite's
"powersafe overwrite") may also spoil the rest of a sector that it was writing. Shared memory is
gone. Reading never fails before the cut, and everything does after it. A sync may fail on the way,
and then what it was to bring to the disk is not tried again.
"""

import random
from pathlib import Path
from typing import Final

import apsw

_DIRECTORY_SYNCED_BY: Final = (
    apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
)


class Content:
    """What a file holds: as written, as synced, and the writes between the two."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self.synced = bytearray(data)
        self.pending: list[tuple[int, bytes] | int] = []
        """An offset and what was written there, or the size that the file was cut to."""

    def write(self, offset: int, data: bytes) -> None:
        """Write without a sync."""
        _put(self.data, offset, data)
        self.pending.append((offset, data))

    def truncate(self, size: int) -> None:
        """Cut short without a sync."""
        del self.data[size:]
        self.pending.append(size)

    def sync(self) -> None:
        """Bring everything to the disk."""
        for change in self.pending:
            if isinstance(change, int):
                del self.synced[change:]
            else:
                _put(self.synced, *change)
        self.pending.clear()

    def fail_to_sync(self, chance: random.Random) -> None:
        """Lose what was to be synced, as Linux does: a later sync no longer tries.

        Some of it may have reached the disk. Who reads sees it until its pages are dropped.
        """
        for change in self.pending:
            if chance.random() < 0.5:
                continue
            if isinstance(change, int):
                del self.synced[change:]
            else:
                _put(self.synced, *change)
        self.pending.clear()
        if chance.random() < 0.5:
            self.data[:] = self.synced

    def after_cut(self, chance: random.Random, sector: int, spoils: bool) -> "Content":  # noqa: FBT001 (of the disk)
        """Return what is left of it."""
        left = bytearray(self.synced)
        kept = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for change in self.pending:
            if isinstance(change, int):
                if chance.random() < kept:
                    del left[change:]
                continue
            for at, piece in _sectors(*change, sector):
                fate = chance.random()
                if fate < kept:
                    _put(left, at, piece)
                elif spoils and fate > 0.9:
                    _put(left, at - at % sector, chance.randbytes(sector))
                elif fate > 0.8:  # the file has grown, and what was to be there is not
                    _put(left, max(len(left), at + len(piece)), b"")
        return Content(bytes(left))


class PowerCutDisk(apsw.VFS):
    """A disk on which the power goes at a given write, sync, truncation or change of names.

    Parameters
    ----------
    name : str
        To open connections by.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, Content] = {}
        self._before: dict[str, list[Content | None]] = {}
        """What each name may still stand for, since its folder was synced."""
        self.life = 0
        self.operations = 0
        self.cut_at: int | None = None
        self.is_off = False
        self.chance = random.Random(0)
        self.sync_fails_at: int | None = None
        """The first sync after so many operations fails, once."""
        self.failed_syncs = 0
        self.sector = 4096
        self.spoils = False
        super().__init__(name, "")

    def insert(self, files: dict[str, bytes], sector: int, *, spoils: bool) -> None:
        """Start over with a disk that holds these files."""
        self.files = {name: Content(data) for name, data in files.items()}
        self.sector, self.spoils = sector, spoils
        self._restart()

    def reboot(self, chance: random.Random) -> None:
        """Switch on again, with what is left."""
        for name, candidates in self._before.items():
            content = chance.choice([*candidates, self.files.get(name)])
            if content is None:
                self.files.pop(name, None)
            else:
                self.files[name] = content
        self.files = {
            name: content.after_cut(chance, self.sector, self.spoils)
            for name, content in sorted(self.files.items())
        }
        for name in self.files:
            Path(f"{name}-shm").unlink(missing_ok=True)
        self._restart()

    def _restart(self) -> None:
        self._before = {}
        self.life += 1
        self.operations = 0
        self.cut_at, self.sync_fails_at, self.is_off = None, None, False

    def step(self) -> None:
        """Count an operation; the power goes in the middle of the last one."""
        self.require_power(self.life)
        self.operations += 1
        if self.cut_at is not None and self.operations >= self.cut_at:
            self.is_off = True
            raise apsw.IOError("the power went")

    def require_power(self, life: int) -> None:
        """Refuse files of an earlier life, and everything after the cut."""
        if self.is_off or life != self.life:
            raise apsw.IOError("the power is off")

    def may_sync(self, content: Content) -> None:
        """Fail if it is time for that."""
        if self.sync_fails_at is not None and self.operations >= self.sync_fails_at:
            self.sync_fails_at = None
            self.failed_syncs += 1
            content.fail_to_sync(self.chance)
            raise apsw.IOError("the disk did not take it")

    def sync_names(self) -> None:
        """Bring the names of all files to the disk."""
        self._before = {}

    def _rename(self, name: str, content: Content | None) -> None:
        self._before.setdefault(name, []).append(self.files.get(name))
        if content is None:
            del self.files[name]
        else:
            self.files[name] = content

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802 (apsw's name)
        self.require_power(self.life)
        return pathname in self.files

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802, FBT001 (apsw's name)
        if filename not in self.files:
            missing = apsw.IOError("there is no such file")
            missing.extendedresult = apsw.SQLITE_IOERR_DELETE_NOENT  # type: ignore[attr-defined]
            raise missing
        try:
            self.step()
        finally:
            self._rename(filename, None)
        if syncdir:
            self.step()
            self.sync_names()

    def xOpen(  # type: ignore[override]  # noqa: N802 (apsw's name; it takes what looks like a file)
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> "MemoryFile | DatabaseFile":
        self.require_power(self.life)
        if name is None:
            return MemoryFile(self, Content(), flags[0])
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path not in self.files:
            if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError("there is no such file")
            try:
                self.step()
            finally:
                self._rename(path, Content())
        flags[1] = flags[0]
        kind = DatabaseFile if flags[0] & apsw.SQLITE_OPEN_MAIN_DB else MemoryFile
        if kind is DatabaseFile:
            return DatabaseFile(self, self.files[path], name, flags)
        return MemoryFile(self, self.files[path], flags[0])


class MemoryFile:
    """A file on a `PowerCutDisk`; nothing locks a journal."""

    def __init__(self, disk: PowerCutDisk, content: Content, flags: int) -> None:
        self._disk = disk
        self._content = content
        self._life = disk.life
        self._syncs_names = bool(flags & _DIRECTORY_SYNCED_BY and flags & apsw.SQLITE_OPEN_CREATE)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 (apsw's name)
        self._disk.require_power(self._life)
        return bytes(self._content.data[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 (apsw's name)
        self._disk.require_power(self._life)
        self._content.write(offset, bytes(data))
        self._disk.step()

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 (apsw's name)
        self._disk.require_power(self._life)
        self._content.truncate(newsize)
        self._disk.step()

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802 (apsw's name)
        self._disk.require_power(self._life)
        self._disk.step()
        self._disk.may_sync(self._content)
        self._content.sync()
        if self._syncs_names:
            self._disk.step()
            self._disk.sync_names()
            self._syncs_names = False

    def xFileSize(self) -> int:  # noqa: N802 (apsw's name)
        self._disk.require_power(self._life)
        return len(self._content.data)

    def xSectorSize(self) -> int:  # noqa: N802 (apsw's name)
        return self._disk.sector

    def xDeviceCharacteristics(self) -> int:  # noqa: N802 (apsw's name)
        return 0 if self._disk.spoils else apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:  # noqa: N802 (apsw's name)
        pass

    def xLock(self, level: int) -> None:  # noqa: N802 (apsw's name)
        pass

    def xUnlock(self, level: int) -> None:  # noqa: N802 (apsw's name)
        pass

    def xCheckReservedLock(self) -> bool:  # noqa: N802 (apsw's name)
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802 (apsw's name)
        return False


class DatabaseFile(apsw.VFSFile):
    """A database on a `PowerCutDisk`; a real, empty file lends it locks and shared memory."""

    def __init__(
        self,
        disk: PowerCutDisk,
        content: Content,
        name: str | apsw.URIFilename,
        flags: list[int],
    ) -> None:
        asked = flags[0]
        super().__init__("", name, [asked | apsw.SQLITE_OPEN_CREATE, asked])
        file = MemoryFile(disk, content, asked)
        self.xRead = file.xRead  # type: ignore[method-assign]
        self.xWrite = file.xWrite  # type: ignore[method-assign]
        self.xTruncate = file.xTruncate  # type: ignore[method-assign]
        self.xSync = file.xSync  # type: ignore[method-assign]
        self.xFileSize = file.xFileSize  # type: ignore[method-assign]
        self.xSectorSize = file.xSectorSize  # type: ignore[method-assign]
        self.xDeviceCharacteristics = file.xDeviceCharacteristics  # type: ignore[method-assign]


def _sectors(offset: int, data: bytes, sector: int) -> list[tuple[int, bytes]]:
    """Return a write as the parts that fall into one sector each."""
    pieces = []
    at = offset
    while at < offset + len(data):
        end = min(at - at % sector + sector, offset + len(data))
        pieces.append((at, data[at - offset : end - offset]))
        at = end
    return pieces


def _put(target: bytearray, offset: int, data: bytes) -> None:
    """Write at an offset; what lies between the end and there is zero."""
    if len(target) < offset:
        target.extend(bytes(offset - len(target)))
    target[offset : offset + len(data)] = data
