"""One trame server per member: their own panels, their own state, nobody else's.

Stock trame has one state for everybody and lets any client call anything. Here every member has
a server object of their own in our process, reached through our own socket and `Gate`.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from trame_client.widgets.core import VirtualNode
from trame_server import Server

from workspace.server.gate import Gate, read_call
from workspace.server.refusals import Refusal

log = structlog.get_logger()

Trigger = Callable[..., Awaitable[object]]
SendBytes = Callable[[bytes], Awaitable[None]]


class MemberServer:
    """The panels of one member.

    Parameters
    ----------
    name : str
        Unique in the process.
    writable : frozenset of str
        Keys of state that the page may set; every other change is dropped.
    """

    def __init__(self, name: str, writable: frozenset[str]) -> None:
        self.trame = Server(name, VirtualNode)
        self.trame.client_type = "vue3"
        self.secret = secrets.token_urlsafe(16)
        self._writable = writable
        self._triggers: set[str] = set()
        self._endpoint: Any = None

    @property
    def static_folders(self) -> Mapping[str, str]:
        """URL prefix -> folder of what the page loads from trame's modules."""
        return dict(self.trame.serve)

    @property
    def www(self) -> str:
        """Folder of trame's own page."""
        return str(self.trame._www)  # noqa: SLF001  # trame has no public name for it

    def on_trigger(self, name: str, call: Trigger) -> None:
        """Let the page call `call` under `name`; a fault inside reaches the page as None only."""

        async def guarded(*arguments: object) -> object:
            try:
                return await call(*arguments)
            except Exception:
                log.exception("trigger.failed", trigger=name)
                return None

        self._triggers.add(name)
        self.trame.controller.trigger(name)(guarded)

    def start(self) -> None:
        """Configure wslink without opening a port.

        Synchronous, because trame keeps what it starts with in class attributes: two starts must
        not interleave.
        """
        from trame_server.protocol import CoreServer

        coroutine = self.trame.start(
            port=0,
            backend="generic",
            exec_mode="coroutine",
            thread=True,
            timeout=0,
            open_browser=False,
            show_connection_info=False,
            disable_logging=True,
        )
        coroutine.close()
        protocol = self.trame.protocol
        protocol.updateSecret(self.secret)
        protocol.port_callback(0)
        self._endpoint = self.trame._server["ws"]  # noqa: SLF001  # the generic backend's socket
        CoreServer.server = None

    def update(self, values: Mapping[str, object]) -> None:
        """Set state and send what changed to the member's pages."""
        with self.trame.state:
            self.trame.state.update(dict(values))

    async def pump(
        self, frames: AsyncIterator[bytes], send: SendBytes, refuse: Callable[[Refusal], None]
    ) -> None:
        """Carry messages between one socket of the member and trame until the socket ends.

        Parameters
        ----------
        refuse : callable
            Hears of what was turned away. What is no call ends the socket, and so does a first
            call that is no hello with the page's secret.
        """
        connection = await self._endpoint.connect()

        async def forward(is_binary: bool, message: bytes) -> None:  # noqa: FBT001  # wslink's callback
            if is_binary:
                await send(message)

        connection.on_message(forward)
        gate = Gate(self._writable, frozenset(self._triggers))
        try:
            async for frame in frames:
                call = read_call(frame)
                if call is None:
                    refuse(Refusal.MALFORMED_CALL)
                    return
                allowed = gate.allowed(call)
                if allowed is None:
                    refuse(Refusal.FORBIDDEN_CALL)
                else:
                    await self._endpoint.onCompleteMessage(allowed, connection.client_id)
                if not self._endpoint.isClientAuthenticated(connection.client_id):
                    refuse(Refusal.NO_HELLO)
                    return
        finally:
            await connection.close()
