"""Pictures drawn for members: what is wanted now first, and everybody in turn."""

import asyncio
import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

THREADS: Final = 2

MOST_WAITING: Final = 6
"""Of one member: the panes of a page, with a stock of two."""


class SupersededError(Exception):
    """Something newer is wanted in this place."""


@dataclass(frozen=True, slots=True)
class _Job:
    draw: Callable[[], bytes]
    picture: "asyncio.Future[bytes]"


class PictureDesk:
    """Draws pictures in threads.

    A member who scrolls wants the latest slice of each pane and none of those between: a picture
    that waits gives way to a newer one of the same pane. Members take turns, so that nobody waits
    for another one's queue.

    Parameters
    ----------
    threads : int, optional
        Pictures that are drawn at one time.
    """

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, "pictures")
        self._free = threads
        self._waiting: OrderedDict[Hashable, OrderedDict[Hashable, _Job]] = OrderedDict()

    async def close(self) -> None:
        """Draw no more; what waits is given up."""
        for jobs in self._waiting.values():
            for job in jobs.values():
                job.picture.cancel()
        self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def drawn(self, member: Hashable, pane: Hashable, draw: Callable[[], bytes]) -> bytes:
        """Return a picture when it is drawn.

        Parameters
        ----------
        member, pane : hashable
            Who wants it, and where.
        draw : callable
            Runs in a thread.

        Raises
        ------
        SupersededError
            The same member wanted another one there before this one's turn came.
        """
        picture: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        jobs = self._waiting.setdefault(member, OrderedDict())
        for gone in (jobs.pop(pane, None), *self._surplus(jobs)):
            if gone is not None and not gone.picture.done():
                gone.picture.set_exception(SupersededError())
        jobs[pane] = _Job(draw, picture)
        self._start()
        return await picture

    def _surplus(self, jobs: OrderedDict[Hashable, _Job]) -> list[_Job]:
        return [jobs.popitem(last=False)[1] for _ in range(len(jobs) + 1 - MOST_WAITING)]

    def _start(self) -> None:
        """Draw what is next, while there are threads."""
        while self._free and self._waiting:
            member, jobs = self._waiting.popitem(last=False)
            _, job = jobs.popitem(last=False)
            if jobs:
                self._waiting[member] = jobs  # behind all others
            if not job.picture.done():
                self._free -= 1
                work = asyncio.get_running_loop().run_in_executor(self._pool, job.draw)
                work.add_done_callback(functools.partial(self._ended, job))

    def _ended(self, job: _Job, work: "asyncio.Future[bytes]") -> None:
        self._free += 1
        if not job.picture.done():
            if work.cancelled():
                job.picture.cancel()
            elif (error := work.exception()) is not None:
                job.picture.set_exception(error)
            else:
                job.picture.set_result(work.result())
        self._start()
