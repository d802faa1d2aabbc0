"""From images on disk to the anatomy in an open room: all of it, or nothing."""

import asyncio
import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from imaging.progress import Progress
from imaging.volume_store.drafts import remove_stale_drafts
from imaging.worker import Limits
from sessions.plan.commands import AddSegment, OpenCase
from workspace.blobs import BlobStore
from workspace.case_request import CaseRequest, PreparedCase, PrepareRequest
from workspace.imagery.room_images import RoomImages, note_images
from workspace.server.hosted_room import HostedRoom
from workspace.storage import catalog_in, keeping_together
from workspace.twin_frames import frames_to_record
from workspace.worker_tasks import in_worker

PREPARE_LIMITS: Final = Limits(memory_bytes=16 * 2**30, seconds=1800)
"""A 1 GB series with its filters stays well below; a bomb does not."""

AUTHOR: Final = "Commissure"
JOB: Final = "import"


async def require_preparable(request: CaseRequest, on_progress: Progress) -> None:
    """Refuse what cannot become a case before any link is given out.

    Raises
    ------
    ImagingError, SegmentationError
        As `workspace.preparation.require_preparable`.
    """
    await in_worker(
        "workspace.preparation:require_preparable", request, on_progress, PREPARE_LIMITS
    )


async def take_in(
    hosted: HostedRoom,
    request: CaseRequest,
    title: str,
    staging: Path,
    on_progress: Progress,
    archive: Path | None = None,
) -> PreparedCase:
    """Import, segment and make surfaces, then put the case into an empty room.

    Parameters
    ----------
    staging : Path
        A folder that does not exist yet, on the same disk as the blobs; gone when this returns.
    on_progress : Progress
        Told what the room's pages are told, too.
    archive : Path, optional
        The data folder that keeps the volume, its files and a catalogue entry.

    Raises
    ------
    ImagingError, SegmentationError
        The images do not make a case.
    SessionError, OSError
        The disk is full.
    """
    with _folder(staging), _swept(archive):
        told = _told_to_pages(hosted, on_progress)
        order = _work_order(request, staging, archive)
        answer = await in_worker("workspace.preparation:prepare", order, told, PREPARE_LIMITS)
        case = msgspec.convert(answer, PreparedCase)
        with contextlib.ExitStack() as together:
            keep = await asyncio.to_thread(together.enter_context, keeping_together(hosted.blobs))
            for segment in case.segments:
                sha256 = segment.surface.sha256
                blob = await asyncio.to_thread(BlobStore(staging).read, sha256)
                await asyncio.to_thread(keep, blob)
                _adopt_derived(staging, hosted.blobs.folder, sha256)
            if archive is not None:
                images = RoomImages(primary=case.store_key)
                await asyncio.to_thread(note_images, archive, hosted.room.room_id, images)
            await fill(hosted, title, case)
    if archive is not None:
        await tell_frames(hosted, archive)
    hosted.progress(JOB, "Ready", 1, 1)
    return case


async def fill(hosted: HostedRoom, title: str, case: PreparedCase) -> None:
    """Put a prepared case into an empty room."""
    await hosted.record_as_server(OpenCase(title=title, source=case.source))
    for segment in case.segments:
        await hosted.record_as_server(AddSegment(segment=segment))


async def tell_frames(hosted: HostedRoom, archive: Path) -> None:
    """Tell a room of twins whose left is where, as soon as it has its case."""
    frames = await asyncio.to_thread(frames_to_record, catalog_in(archive), hosted.room.plan)
    if frames is not None:
        await hosted.record_as_server(frames)


def _work_order(request: CaseRequest, staging: Path, archive: Path | None) -> PrepareRequest:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    kept = None if archive is None else str(archive)
    return PrepareRequest(request, str(staging), AUTHOR, now, kept)


def _told_to_pages(hosted: HostedRoom, on_progress: Progress) -> Progress:
    """Return a callback, for any thread, that also tells the pages of the room."""
    loop = asyncio.get_running_loop()

    def tell(label: str, done: int, total: int) -> None:
        on_progress(label, done, total)
        # Never the last step: the page's bar goes when the anatomy is there.
        loop.call_soon_threadsafe(hosted.progress, JOB, label, min(done, total - 1), max(total, 1))

    return tell


def _adopt_derived(staging: Path, folder: Path, sha256: str) -> None:
    """Take over what was made for browsers; where that fails, it is made again when asked for."""
    made = staging / "derived" / f"{sha256}.drc"
    with contextlib.suppress(OSError):
        (folder / "derived").mkdir(exist_ok=True)
        made.replace(folder / "derived" / made.name)


@contextlib.contextmanager
def _swept(archive: Path | None) -> Iterator[None]:
    """Remove what a worker that was killed had begun to keep."""
    try:
        yield
    except BaseException:
        for kept in ("volumes", "originals"):
            if archive is not None:
                remove_stale_drafts(archive / kept)
        raise


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[None]:
    path.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(path, ignore_errors=True)
