"""All uploads of a data folder: whose they are, how many there may be, and when they go."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from workspace.errors import UploadError
from workspace.uploading.limits import UploadLimits
from workspace.uploading.upload import Promise, Upload

MACHINE_START: Final = Path("/proc/sys/kernel/random/boot_id")
MAX_FINGERPRINT: Final = 64

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Shelf:
    """Uploads, each in a folder of its own; one server at a time.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    limits : UploadLimits
        What is accepted.
    lock : int
        Descriptor of the locked folder.
    clock : callable
        Returns the time.
    """

    def __init__(self, folder: Path, limits: UploadLimits, lock: int, clock: Clock) -> None:
        self.limits = limits
        self._folder = folder
        self._lock = lock
        self._clock = clock
        self._machine_start = _machine_start()
        self._uploads: dict[str, Upload] = {}

    @classmethod
    def taken(cls, folder: Path, limits: UploadLimits, clock: Clock = utc_now) -> Self | None:
        """Return the uploads of a folder, or None while another server has them.

        What is too old, or no upload any more, is removed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return None
        shelf = cls(folder, limits, lock, clock)
        shelf._load()
        shelf.sweep()
        return shelf

    def close(self) -> None:
        """Let another server have the folder."""
        os.close(self._lock)

    def create(self, owner: str, fingerprint: str, files: int, total_bytes: int) -> Upload:
        """Begin an upload.

        Raises
        ------
        UploadError
            It is too large for the limits or the disk, or there are too many already.
        """
        limits = self.limits
        if not (files >= 1 and total_bytes >= 1 and len(fingerprint) <= MAX_FINGERPRINT):
            raise UploadError("there is nothing in these files; choose others", "bad_list")
        if files > limits.files:
            raise UploadError(
                f"{files} files are more than the {limits.files} that one upload may have; "
                "choose fewer folders, or a zip",
                "too_many_files",
            )
        if total_bytes > limits.total_bytes:
            raise UploadError(
                f"the files have {_gib(total_bytes)}, more than the {_gib(limits.total_bytes)} "
                "that one upload may have; choose fewer series",
                "too_large",
            )
        self._require_few(owner)
        promised = sum(upload.missing_bytes for upload in self._uploads.values())
        self.require_space(promised + total_bytes)
        promise = Promise(owner, fingerprint, files, total_bytes, self._machine_start)
        upload = Upload.begun(self._folder / secrets.token_hex(16), promise, limits)
        self._uploads[upload.id] = upload
        return upload

    def require_space(self, size: int) -> None:
        """Refuse what would leave less than the reserve free on the disk.

        Raises
        ------
        UploadError
            ``"no_space"``.
        """
        free = shutil.disk_usage(self._folder).free - self.limits.reserve_bytes
        if size > free:
            raise UploadError(
                f"the server's disk has {_gib(max(free, 0))} left for uploads, too little for this "
                "one; ask whoever runs the server to free some space",
                "no_space",
            )

    def of(self, owner: str, upload_id: str) -> Upload:
        """Return an upload of this owner.

        Raises
        ------
        UploadError
            ``"unknown_upload"``: there is none, or it is somebody else's.
        """
        upload = self._uploads.get(upload_id)
        if upload is None or not secrets.compare_digest(upload.promise.owner, owner):
            raise UploadError(
                "this upload is not on the server any more; choose the files again",
                "unknown_upload",
            )
        return upload

    def owned_by(self, owner: str) -> tuple[Upload, ...]:
        """Return this owner's uploads, the one used last first."""
        own = [it for it in self._uploads.values() if it.promise.owner == owner]
        return tuple(sorted(own, key=lambda it: it.last_used, reverse=True))

    def remove(self, upload: Upload) -> None:
        """Delete an upload."""
        self._uploads.pop(upload.id, None)
        upload.remove()

    def sweep(self) -> tuple[Upload, ...]:
        """Delete what has been lying about for too long, and return it."""
        oldest = self._clock() - self.limits.kept_for
        stale = tuple(it for it in self._uploads.values() if it.last_used < oldest)
        for upload in stale:
            self.remove(upload)
        return stale

    def _require_few(self, owner: str) -> None:
        own = len(self.owned_by(owner))
        if own >= self.limits.unfinished_per_uploader:
            raise UploadError(
                f"you have {own} unfinished uploads already; finish or discard one first",
                "too_many_uploads",
            )
        if len(self._uploads) >= self.limits.unfinished_in_all:
            raise UploadError(
                "too many uploads are unfinished on this server; try again when one is done",
                "too_many_uploads",
            )

    def _load(self) -> None:
        for folder in self._folder.iterdir():
            try:
                self._uploads[folder.name] = Upload.found(folder, self._machine_start, self.limits)
            except (OSError, msgspec.MsgspecError, UploadError):
                if folder.is_dir() and not folder.is_symlink():
                    shutil.rmtree(folder, ignore_errors=True)


def _machine_start() -> str:
    try:
        return MACHINE_START.read_text().strip()
    except OSError:
        return "unknown"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
