"""A disk that fails when told to: an SQLite VFS between SQLite and the real files."""

import apsw


class FailingDisk(apsw.VFS):
    """Writes and syncs as the real one, until `failure` is set.

    Parameters
    ----------
    name : str
        To open connections by.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.failing_writes: Exception | None = None
        self.failing_syncs: Exception | None = None
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "FailingFile":  # noqa: N802 (apsw's name)
        return FailingFile(self, name, flags)


class FailingFile(apsw.VFSFile):
    """A file on a `FailingDisk`."""

    def __init__(
        self, disk: FailingDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 (apsw's name)
        if self._disk.failing_writes is not None:
            raise self._disk.failing_writes
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 (apsw's name)
        if self._disk.failing_syncs is not None:
            raise self._disk.failing_syncs
        super().xSync(flags)
