"""Work in a worker process, as a task that can be cancelled."""

import asyncio
import threading
from typing import Any

from imaging.progress import Progress
from imaging.worker import Limits, run_in_worker


async def in_worker(
    function: str,
    request: object,
    on_progress: Progress,
    limits: Limits,
) -> Any:  # noqa: ANN401 (JSON)
    """Run a function in a worker process; when this is cancelled, the worker is killed first.

    Parameters
    ----------
    function : str
        ``"module:function"``.
    request : object
        As `imaging.worker.run_in_worker`.
    on_progress : Progress
        Called in another thread.
    limits : Limits
        Memory and time.

    Returns
    -------
    object
        Plain JSON values.

    Raises
    ------
    Exception
        As `imaging.worker.run_in_worker`.
    """
    cancelled = threading.Event()
    work = asyncio.ensure_future(
        asyncio.to_thread(
            run_in_worker,
            function,
            request,
            limits=limits,
            on_progress=on_progress,
            cancelled=cancelled.is_set,
        )
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        cancelled.set()
        await asyncio.wait({work})
        work.exception()  # it is only that the work was cancelled
        raise
