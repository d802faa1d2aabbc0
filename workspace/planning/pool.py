"""Worker processes for geometry: the event loop only moves messages."""

import asyncio
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from imaging.space import Plane
from segmentation.errors import SegmentationError
from sessions.plan.records import SurfaceRef
from workspace.blobs import BlobStore
from workspace.errors import PlanningError
from workspace.planning.cutting import cut_blob
from workspace.planning.browser_encoding import encode_for_browser

P = ParamSpec("P")
T = TypeVar("T")

WORKERS: Final = min(2, os.cpu_count() or 1)


class GeometryPool:
    """Runs geometry elsewhere; started when first used, started anew if a worker dies."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._encoding: dict[str, asyncio.Task[Path]] = {}

    def close(self) -> None:
        """End the workers."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    async def cut(
        self, blobs: BlobStore, sha256: str, plane: Plane
    ) -> tuple[SurfaceRef, SurfaceRef]:
        """Cut a surface; return what lies on the positive and on the negative side of the plane."""
        return await self._run(cut_blob, blobs.path(sha256), plane, blobs.folder)

    async def draco(self, blobs: BlobStore, sha256: str) -> Path:
        """Return the file of a surface as the browser gets it; two who ask at once wait together."""
        task = self._encoding.get(sha256)
        if task is None:
            task = asyncio.create_task(self._run(encode_for_browser, blobs.folder, sha256))
            self._encoding[sha256] = task
            task.add_done_callback(lambda _: self._encoding.pop(sha256, None))
        return await asyncio.shield(task)

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(WORKERS, mp_context=context)
        try:
            return await loop.run_in_executor(self._executor, _call, function, args, kwargs)
        except SegmentationError as error:
            raise PlanningError(str(error)) from error
        except BrokenProcessPool as error:
            self._executor = None
            raise PlanningError(
                "the geometry could not be computed (its process ended); nothing was changed, "
                "try again"
            ) from error


def _call(function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> T:
    return function(*args, **kwargs)
