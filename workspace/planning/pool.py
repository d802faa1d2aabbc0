"""Worker processes for geometry: the event loop only moves messages."""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final, TypeVar, TypeVarTuple

from imaging.space import Plane
from segmentation.errors import SegmentationError
from sessions.plan.records import Fragment, Segment, SurfaceRef
from workspace.blobs import BlobStore
from workspace.errors import PlanningError

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

WORKERS: Final = min(2, os.cpu_count() or 1)

DEADLINE_S: Final = 120.0
"""A cut through a million triangles takes under two seconds."""

MAX_FAILURES_IN_A_ROW: Final = 3
"""One may be an odd surface; three are a machine without memory or room for files."""

JobWatcher = Callable[[str, str, float], None]
"""Is told of every job: its name, "done", "refused", "failed" or "stopped", and the seconds."""

MEMORY_BYTES: Final = 8 * 2**30
"""Address space of one worker, libraries included."""


class GeometryPool:
    """Runs geometry elsewhere; started when first used, started anew if a worker dies.

    Parameters
    ----------
    deadline_s : float, optional
        After which a job is given up, and its worker ended.
    """

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._executor: ProcessPoolExecutor | None = None
        self._encoding: dict[str, asyncio.Task[Path]] = {}
        self._failures_in_a_row = 0
        self.watcher: JobWatcher | None = None

    def warm(self) -> None:
        """Start a worker, so that the first cut does not wait for one."""
        if self._executor is None:
            self._started().submit(_load_geometry)

    def close(self) -> None:
        """End the workers at once."""
        if self._executor is not None:
            self._end(self._executor)

    async def cut(
        self, blobs: BlobStore, sha256: str, plane: Plane
    ) -> tuple[SurfaceRef, SurfaceRef]:
        """Cut a surface; return what lies on the positive and on the negative side of the plane.

        Raises
        ------
        PlanningError
            The plane misses, or the geometry could not be computed.
        """
        return await self.run(_cut, blobs.folder, sha256, plane)

    async def draco(self, blobs: BlobStore, sha256: str) -> Path:
        """Return the file of a surface for the browser; two who ask at once wait together."""
        task = self._encoding.get(sha256)
        if task is None:
            task = asyncio.create_task(self.run(_encode_for_browser, blobs.folder, sha256))
            self._encoding[sha256] = task
            task.add_done_callback(lambda _: self._encoding.pop(sha256, None))
        return await asyncio.shield(task)

    async def write_stl(self, blobs: BlobStore, solid: Segment | Fragment, path: Path) -> None:
        """Write a solid as binary STL where it is placed in the room."""
        await self.run(_write_stl, blobs.folder, solid, path)

    @property
    def is_usable(self) -> bool:
        """Whether the latest jobs came back; one that does makes it usable again."""
        return self._failures_in_a_row < MAX_FAILURES_IN_A_ROW

    async def run(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """Run a job in a worker, and tell of it.

        Parameters
        ----------
        function : callable
            At the top of a module that imports what is heavy only when it runs: the web process
            loads the module, too.

        Raises
        ------
        PlanningError
            A surface is not as it should be, or the worker ended.
        """
        began, outcome = time.perf_counter(), "done"
        try:
            result = await self._outcome(function, *arguments)
        except PlanningError as error:
            outcome = "refused" if isinstance(error.__cause__, SegmentationError) else "failed"
            raise
        except BaseException:
            outcome = "stopped"
            raise
        else:
            return result
        finally:
            if outcome in {"done", "refused"}:  # a refusal came back from a worker that lives
                self._failures_in_a_row = 0
            elif outcome == "failed":
                self._failures_in_a_row += 1
            if self.watcher is not None:
                self.watcher(function.__name__.strip("_"), outcome, time.perf_counter() - began)

    async def _outcome(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        executor = self._started()
        work = asyncio.get_running_loop().run_in_executor(executor, function, *arguments)
        try:
            return await asyncio.wait_for(work, self._deadline_s)
        except SegmentationError as error:
            raise PlanningError(str(error)) from error
        except (BrokenProcessPool, TimeoutError) as error:
            self._end(executor)
            raise PlanningError(
                "the geometry could not be computed (its process ended); nothing was changed, "
                "try again"
            ) from error
        except OSError as error:
            raise PlanningError(
                f"the geometry could not be written ({os.strerror(error.errno or 0).lower()}); "
                "nothing was changed, ask the server's operator for space"
            ) from error

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(
                WORKERS, mp_context=context, initializer=_start_worker
            )
        return self._executor

    def _end(self, executor: ProcessPoolExecutor) -> None:
        """Kill the workers; whoever waits for them is told."""
        if self._executor is executor:
            self._executor = None
        for process in list((executor._processes or {}).values()):  # noqa: SLF001 (public in 3.14)
            process.kill()
        executor.shutdown(wait=False)


def _start_worker() -> None:
    """Bound the worker, and tie it to its parent: after a kill -9 of the server it ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# The geometry itself is imported in the workers only: the web process stays small.


def _load_geometry() -> None:
    import workspace.planning.cutting  # noqa: F401


def _cut(folder: Path, sha256: str, plane: Plane) -> tuple[SurfaceRef, SurfaceRef]:
    from workspace.planning.cutting import cut_blob

    return cut_blob(folder, sha256, plane)


def _encode_for_browser(folder: Path, sha256: str) -> Path:
    from workspace.planning.browser_encoding import encode_for_browser

    return encode_for_browser(folder, sha256)


def _write_stl(folder: Path, solid: Segment | Fragment, path: Path) -> None:
    from workspace.export.surfaces import write_stl

    write_stl(BlobStore(folder), solid, path)
