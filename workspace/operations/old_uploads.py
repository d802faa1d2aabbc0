"""Uploads that became no room, where no server is there to sweep them."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sessions.errors import RoomError
from workspace.operations.gauging import bytes_below
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.storage import uploads_in


def upload_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield the uploads of which nothing came for longer than the rule allows."""
    days, folder = rules.uploads.delete_after_days, uploads_in(data)
    if days is None or not folder.is_dir():
        return
    oldest = now - timedelta(days=days)
    for upload in sorted(folder.iterdir()):
        if upload.is_dir() and not upload.is_symlink() and _touched_at(upload) < oldest:
            yield Proposal(
                "delete_upload",
                upload.name,
                1,
                bytes_below(upload),
                lambda upload=upload: shutil.rmtree(upload),  # type: ignore[misc]
                lambda: _held(folder),
            )


def _touched_at(upload: Path) -> datetime:
    times = [path.stat().st_mtime for path in (upload, *upload.iterdir())]
    return datetime.fromtimestamp(max(times), UTC)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the uploads as a server does."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RoomError("a server has the uploads, and sweeps them itself") from error
        yield
    finally:
        os.close(lock)
