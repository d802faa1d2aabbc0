"""What happens to an upload once it is there: it is looked at, and a room is made of it."""

import asyncio
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

import structlog

from imaging.errors import ImagingError
from imaging.importing import INSPECT_LIMITS, InspectRequest
from imaging.progress import Progress
from segmentation.errors import SegmentationError
from sessions.errors import SessionError
from sessions.plan.records import Role
from sessions.plan.requirements import MAX_NAME_CHARACTERS, require_text
from workspace.case_request import CaseRequest
from workspace.errors import UploadError, WorkspaceError
from workspace.intake import take_in
from workspace.server.hosting import Hosting
from workspace.server.new_rooms import new_room
from workspace.storage import FULL, import_links_in, uploads_in
from workspace.uploading.limits import DEFAULT_UPLOAD_LIMITS, UploadLimits
from workspace.uploading.links import ImportLinks
from workspace.uploading.shelf import Shelf, utc_now
from workspace.uploading.upload import Upload
from workspace.worker_tasks import in_worker

log = structlog.get_logger()

AT_ONCE: Final = 2
"""Inspections and imports that run at one time; a further one waits."""

SWEEP_EVERY_S: Final = 3600.0

INVITED: Final = (Role.OWNER, Role.SURGEON)

Stage = Literal["inspecting", "inspected", "opening", "ready", "failed"]


@dataclass
class Job:
    """How far the work on an upload is."""

    owner: str
    fingerprint: str
    stage: Stage = "inspecting"
    progress: tuple[str, int, int] = ("Starting", 0, 0)
    found: dict[str, Any] = field(default_factory=dict)
    """As ``commissure inspect --json``."""
    error: tuple[str, str] | None = None
    """Code, and one sentence."""
    links: dict[str, str] = field(default_factory=dict)
    """Role -> path of an invitation, once the room is ready."""
    task: asyncio.Task[None] | None = None


class ImportDesk:
    """Uploads of a data folder, and the work on them.

    Parameters
    ----------
    hosting : Hosting
        Takes the rooms.
    shelf : Shelf
        The uploads; closed with the desk.
    links : ImportLinks
        Who may upload.
    data : Path
        The data folder, which keeps what rooms are made of.
    """

    def __init__(self, hosting: Hosting, shelf: Shelf, links: ImportLinks, data: Path) -> None:
        self.shelf = shelf
        self.links = links
        self._hosting = hosting
        self._data = data
        self._jobs: dict[str, Job] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._sweeping = asyncio.create_task(self._sweep_now_and_then())

    @classmethod
    def of_folder(
        cls, data: Path, hosting: Hosting, limits: UploadLimits = DEFAULT_UPLOAD_LIMITS
    ) -> Self | None:
        """Return the desk of a data folder, or None while another server has its uploads."""
        shelf = Shelf.taken(uploads_in(data), limits)
        if shelf is None:
            return None
        return cls(hosting, shelf, ImportLinks(import_links_in(data)), data)

    async def close(self) -> None:
        """Stop all work; uploads stay on disk, and rooms that were not ready go."""
        self._sweeping.cancel()
        tasks = {job.task for job in self._jobs.values() if job.task is not None}
        for task in tasks:
            task.cancel()
        await asyncio.wait({self._sweeping, *tasks})
        self.shelf.close()

    def new_link(self) -> str:
        """Return the path of a new import link."""
        expires_at: datetime = utc_now() + self.shelf.limits.kept_for
        return f"{self._hosting.base_path}/import/{self.links.create(expires_at)}"

    def job_of(self, owner: str, upload_id: str) -> Job | None:
        """Return the work on an upload; it is known a while longer than the upload is there."""
        job = self._jobs.get(upload_id)
        return job if job is not None and job.owner == owner else None

    def ready_for(self, owner: str) -> dict[str, Job]:
        """Return by upload id the work of an owner that has led to a room."""
        return {
            upload_id: job
            for upload_id, job in self._jobs.items()
            if job.owner == owner and job.stage == "ready"
        }

    async def inspect(self, upload: Upload) -> None:
        """Begin to look at what has come, unless that was done or goes on.

        Raises
        ------
        UploadError
            Not all of it has come.
        """
        job = self._jobs.get(upload.id)
        if job is not None and job.stage != "failed":
            return
        job = Job(upload.promise.owner, upload.promise.fingerprint)
        self._jobs[upload.id] = job
        upload.touch()
        try:
            await asyncio.to_thread(upload.complete)
        except BaseException:
            del self._jobs[upload.id]
            raise

        async def work() -> None:
            with tempfile.TemporaryDirectory(dir=upload.folder) as scratch:
                request = InspectRequest((str(upload.files),), scratch)
                job.found = await in_worker(
                    "imaging.importing:inspect_here", request, _told_to(job), INSPECT_LIMITS
                )
            job.stage = "inspected"

        job.task = asyncio.create_task(self._counted("inspect", self._run(job, work, "failed")))

    def open_room(self, upload: Upload, volume_id: str, title: str) -> None:
        """Begin to make a room of one volume.

        Raises
        ------
        UploadError
            No such volume was found, or the upload is at another stage.
        RejectedCommandError
            The title is none.
        """
        job = self._jobs.get(upload.id)
        if job is None or job.stage != "inspected":
            raise UploadError("the images are not ready for that; wait a moment", "busy")
        if volume_id not in {volume["id"] for volume in job.found["volumes"]}:
            raise UploadError("there is no such volume in this upload", "unknown_volume")
        require_text(title, "title", MAX_NAME_CHARACTERS)
        upload.touch()
        job.stage, job.error = "opening", None

        async def work() -> None:
            request = CaseRequest(paths=(str(upload.files),), volume_id=volume_id)
            async with new_room(self._hosting) as (room_id, hosted):
                staging = self._hosting.staging_folder(room_id)
                await take_in(hosted, request, title, staging, _told_to(job), self._data)
                for role in INVITED:
                    job.links[role.value] = await self._hosting.invite(room_id, role)
            job.stage, job.found = "ready", {}
            await self._settle_originals(upload)

        job.task = asyncio.create_task(self._counted("import", self._run(job, work, "inspected")))

    async def discard(self, upload: Upload) -> None:
        """Stop the work on an upload and delete it."""
        job = self._jobs.pop(upload.id, None)
        if job is not None and job.task is not None:
            job.task.cancel()
            await asyncio.wait({job.task})
        await asyncio.to_thread(self.shelf.remove, upload)

    def forget(self, owner: str, upload_id: str) -> None:
        """Forget an upload that has become a room."""
        if self.job_of(owner, upload_id) is not None:
            del self._jobs[upload_id]

    async def _settle_originals(self, upload: Upload) -> None:
        """Decide what becomes of the uploaded files once their room is ready: they go."""
        await asyncio.to_thread(self.shelf.remove, upload)

    async def _counted(self, name: str, run: Coroutine[None, None, bool]) -> None:
        """Count what became of some work, and how long it took."""
        began, outcome = time.perf_counter(), "stopped"
        try:
            outcome = "done" if await run else "failed"
        finally:
            self._hosting.metrics.worker_job(name, outcome, time.perf_counter() - began)

    async def _run(self, job: Job, work: Callable[[], Awaitable[None]], if_not: Stage) -> bool:
        """Do work when it is its turn; a failure becomes a sentence on the uploader's page."""
        job.progress = ("Waiting for another import" if self._turns.locked() else "Starting", 0, 0)
        try:
            async with self._turns:
                await work()
        except UploadError as error:
            job.error = (error.code, str(error))
        except (ImagingError, SegmentationError, SessionError, WorkspaceError) as error:
            job.error = (getattr(error, "code", ""), str(error))
        except OSError as error:
            job.error = disk_sentence(error)
        except Exception as error:  # noqa: BLE001 - a fault of our own must not hang the page
            job.error = ("fault", f"a fault of our own ({fault_logged(error)}); try again")
        if job.error is not None:
            job.stage = if_not
            log.warning("upload.work_failed", code=job.error[0])
        return job.error is None

    async def _sweep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            for upload in await asyncio.to_thread(self.shelf.sweep):
                self._jobs.pop(upload.id, None)


def disk_sentence(error: OSError) -> tuple[str, str]:
    """Return code and sentence for what the operating system says; file names stay out."""
    if error.errno in FULL:
        return "no_space", (
            "the server's disk is full; ask whoever runs the server to free some space, then go on"
        )
    return "disk", (
        f"the server's disk cannot be used (error {error.errno}); tell whoever runs the server"
    )


def fault_logged(error: Exception) -> str:
    """Log where a fault happened and return its name.

    Not what it says: the message may hold a file's name, and that a patient's.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    log.error("upload.fault", fault=type(error).__name__, where=where)
    return type(error).__name__


def _told_to(job: Job) -> Progress:
    """Return a callback, for any thread, that notes how far the work is."""

    def tell(label: str, done: int, total: int) -> None:
        job.progress = (label, done, total)

    return tell
