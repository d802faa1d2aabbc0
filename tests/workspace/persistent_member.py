"""A page without a browser: keeps what is not answered, comes back, and sends it again.

The same discipline as in `workspace/client/src/{room,pending,socket}.ts`.
"""

import asyncio
import contextlib
from collections.abc import Callable
from random import Random
from typing import Final

import msgspec
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from sessions.plan.commands import MemberCommand
from sessions.plan.records import MAIN, MemberId, OperationId
from sessions.plan.view import View
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    Advanced,
    Change,
    Hello,
    Refused,
    Resumed,
    Seen,
    ServerMessage,
    Submit,
    Welcome,
)
from tests.workspace.served_room import Guest

FIRST_WAIT_S: Final = 0.02
"""A page waits 0.25 s; its longest wait, and the doubling up to it, are in the same proportion."""

LONGEST_WAIT_S: Final = 20 * FIRST_WAIT_S

_decoder = msgspec.json.Decoder(list[ServerMessage])


class PersistentMember:
    """One member on a line that breaks.

    Parameters
    ----------
    guest : Guest
        Has joined.
    random : Random
        Spreads the tries to come back.
    new_id : Callable
        Of operations.
    """

    def __init__(self, guest: Guest, random: Random, new_id: Callable[[], str]) -> None:
        self._guest = guest
        self._random = random
        self._new_id = new_id
        self._socket: ClientWebSocketResponse | None = None
        self._boot_id = ""
        self.member_id: MemberId = guest.member_id
        self.view: View = {}
        self.revision = 0
        self.greetings: list[type[Welcome | Resumed]] = []
        """How the server has answered each hello."""
        self.pending: dict[OperationId, Submit] = {}
        self.answers: dict[OperationId, Advanced | Acknowledged | Refused] = {}
        self._changed = asyncio.Condition()
        self._in_order = asyncio.Lock()  # what is new does not overtake what is sent again

    async def stay(self) -> None:
        """Connect, and come back whenever the line has broken, until cancelled."""
        attempt = 0
        while True:
            greeted = len(self.greetings)
            with contextlib.suppress(ClientError, OSError):
                async with self._guest.raw_socket() as socket:
                    await self._listen(socket)
            self._socket = None
            attempt = 0 if len(self.greetings) > greeted else attempt + 1
            longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt)
            await asyncio.sleep(longest * (0.5 + 0.5 * self._random.random()))

    async def submit(self, command: MemberCommand) -> OperationId:
        """Ask for a command; it is kept, and sent again, until it is answered."""
        submit = Submit(
            operation_id=OperationId(self._new_id()), command=command, seen=self.revision
        )
        self.pending[submit.operation_id] = submit
        async with self._in_order:
            if self._socket is not None:
                await self._send(self._socket, submit)
        return submit.operation_id

    async def until_greeted(self, times: int) -> None:
        """Wait until the server has answered so many hellos."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.greetings) >= times)

    async def until_fewer(self, count: int) -> None:
        """Wait until fewer commands than that wait for an answer."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.pending) < count)

    async def until_at(self, revision: int) -> None:
        """Wait until the screen shows a revision."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.revision >= revision)

    async def _listen(self, socket: ClientWebSocketResponse) -> None:
        seen = Seen(boot_id=self._boot_id, revision=self.revision) if self._boot_id else None
        await self._send(socket, Hello(protocol=PROTOCOL_VERSION, branch_id=MAIN, seen=seen))
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                return
            messages = _decoder.decode(frame.data)
            async with self._changed:
                for message in messages:
                    self._take(message)
                self._changed.notify_all()
            if self._socket is None and any(isinstance(it, Welcome | Resumed) for it in messages):
                async with self._in_order:
                    self._socket = socket
                    for submit in list(self.pending.values()):
                        await self._send(socket, submit)

    async def _send(self, socket: ClientWebSocketResponse, message: Hello | Submit) -> None:
        with contextlib.suppress(ClientError, OSError):
            await socket.send_str(msgspec.json.encode(message).decode())

    def _take(self, message: ServerMessage) -> None:
        match message:
            case Welcome(boot_id=boot_id, revision=revision, view=view):
                self._boot_id, self.revision, self.view = boot_id, revision, view
                self.greetings.append(Welcome)
            case Resumed(boot_id=boot_id):
                self._boot_id = boot_id  # the revision comes with what was missed
                self.greetings.append(Resumed)
            case Advanced():
                for change in message.changes:
                    self._change(change)
                self.revision = max(self.revision, message.revision)
                self._settle(message.operation_id, message)
            case Acknowledged(operation_id=operation_id) | Refused(operation_id=operation_id):
                self._settle(operation_id, message)
            case _:
                pass

    def _change(self, change: Change) -> None:
        if change.value is None:
            self.view[change.kind].pop(change.id, None)
        else:
            self.view[change.kind][change.id] = change.value

    def _settle(self, operation_id: OperationId, answer: Advanced | Acknowledged | Refused) -> None:
        if self.pending.pop(operation_id, None) is not None:
            self.answers[operation_id] = answer
