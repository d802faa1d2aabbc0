"""Run the application on a port until told to stop."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sessions.audit.records import Kind
from workspace.errors import ServingError
from workspace.server.application import build_application
from workspace.server.entrance import Entrance
from workspace.server.findings_desk import finding_out
from workspace.server.health import MIN_FREE_BYTES, Health
from workspace.server.hosting import Hosting
from workspace.server.imaging_watch import watching_for_newer_images
from workspace.server.import_desk import ImportDesk
from workspace.server.metrics_port import metrics_application
from workspace.server.stopping import REQUESTS_WITHIN_S, take_leave

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Watching:
    """How the server is watched over."""

    min_free_bytes: int = MIN_FREE_BYTES
    """With less on the data folder's disk the server says that it is not ready."""
    metrics_listener: socket.socket | None = None
    """On loopback; without it nobody sees metrics."""

    @property
    def metrics_url(self) -> str | None:
        """Where they are shown."""
        return None if self.metrics_listener is None else f"{url_of(self.metrics_listener)}/metrics"


UNWATCHED: Final = Watching()


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket, or say in one sentence why there is none.

    Raises
    ------
    ServingError
        If the port is in use or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServingError(
                f"port {port} on {host} is in use; choose another with --port, or --port 0 for "
                "any free one"
            ) from error
        if error.errno == errno.EACCES:
            raise ServingError(
                f"port {port} needs more rights than this user has; choose one above 1023 with "
                "--port"
            ) from error
        raise ServingError(
            f"cannot listen on {host}; give an address of this machine with --host"
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # compared with, not bound to
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.asynccontextmanager
async def serving(
    hosting: Hosting,
    listener: socket.socket,
    desk: ImportDesk | None = None,
    entrance: Entrance | None = None,
    tls: ssl.SSLContext | None = None,
    watching: Watching = UNWATCHED,
) -> AsyncIterator[None]:
    """Serve `hosting` on `listener` for the length of the block, then take leave and close all.

    Parameters
    ----------
    desk : ImportDesk, optional
        Takes images in through the browser; without it nobody can send any.
    entrance : Entrance, optional
        How people come in; without it by links alone, to the loopback address.
    tls : ssl.SSLContext, optional
        Encrypts the line; without it, a proxy does or nobody.
    watching : Watching, optional
        Where metrics are shown, and when the server is ready.
    """
    health = Health(hosting, hosting.data, watching.min_free_bytes)
    async with contextlib.AsyncExitStack() as stack:
        if entrance is not None and entrance.accounts is not None:
            stack.push_async_callback(entrance.accounts.close)
        stack.push_async_callback(hosting.close)
        if desk is not None:
            stack.push_async_callback(desk.close)  # before the rooms that it is making
        if watching.metrics_listener is not None:
            application = metrics_application(hosting, health)
            await stack.enter_async_context(_running(application, watching.metrics_listener))
        application = build_application(hosting, desk, entrance, health)
        await stack.enter_async_context(_running(application, listener, tls))
        hosting.audit.noted(Kind.SERVER_STARTED)
        stack.callback(hosting.audit.noted, Kind.SERVER_STOPPED)
        stack.push_async_callback(take_leave, hosting)
        await stack.enter_async_context(watching_for_newer_images(hosting))
        await stack.enter_async_context(finding_out(hosting))
        yield


@contextlib.asynccontextmanager
async def _running(
    application: web.Application, listener: socket.socket, tls: ssl.SSLContext | None = None
) -> AsyncIterator[None]:
    """Answer requests for the length of the block; those under way then get a while to end."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=REQUESTS_WITHIN_S)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, ssl_context=tls).start()
        yield
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def until_told_to_stop() -> Iterator[None]:
    """Run the block until Ctrl+C or a termination signal, which cancel it; then go on after it.

    A second signal ends the process at once; what was acknowledged is on disk.
    """
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    told: list[int] = []

    def stop(number: int) -> None:
        told.append(number)
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        task.cancel()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    except asyncio.CancelledError:
        if not told:
            raise
        task.uncancel()
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


async def forever() -> None:
    """Wait to be cancelled.

    What is there by now stays: modules, rooms, the page. Looking through it for garbage again and
    again would hold up everybody for a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()
    await asyncio.get_running_loop().create_future()
