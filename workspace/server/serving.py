"""Run the application on a port until told to stop."""

import asyncio
import contextlib
import errno
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Final

from aiohttp import web

from workspace.errors import ServingError
from workspace.server.application import build_application
from workspace.server.entrance import Entrance
from workspace.server.hosting import Hosting
from workspace.server.import_desk import ImportDesk

SHUTDOWN_S: Final = 1.0
"""Everything acknowledged is on disk already; nobody needs longer to hear a farewell."""

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


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
) -> AsyncIterator[None]:
    """Serve `hosting` on `listener` for the length of the block, then close all.

    Parameters
    ----------
    desk : ImportDesk, optional
        Takes images in through the browser; without it nobody can send any.
    entrance : Entrance, optional
        How people come in; without it by links alone, to the loopback address.
    tls : ssl.SSLContext, optional
        Encrypts the line; without it, a proxy does or nobody.
    """
    application = build_application(hosting, desk, entrance)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, ssl_context=tls).start()
        yield
    finally:
        if desk is not None:
            await desk.close()  # before the rooms that it is making
        await hosting.close()
        await runner.cleanup()
        if entrance is not None and entrance.accounts is not None:
            await entrance.accounts.close()


@contextlib.contextmanager
def until_told_to_stop() -> Iterator[None]:
    """Run the block until Ctrl+C or a termination signal, which cancel it; then go on after it.

    A second signal finds no handler and ends the process at once.
    """
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    told: list[int] = []

    def stop(number: int) -> None:
        told.append(number)
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
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
    """Wait to be cancelled."""
    await asyncio.get_running_loop().create_future()
