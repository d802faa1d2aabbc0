"""A stock trame application as a process of its own, and a line to it as its page has one."""

import asyncio
import contextlib
import json
import socket as sockets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Final, Self

import msgspec
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

DEFAULT_SECRET: Final = "wslink-secret"
ANSWER_WITHIN_S: Final = 20.0
HEADER_BYTES: Final = 12


def chunk(body: bytes, *, message_id: int = 7, offset: int = 0, total: int | None = None) -> bytes:
    """Return a frame of wslink: message id, offset, total size, and a part of the message."""
    size = len(body) if total is None else total
    return b"".join(it.to_bytes(4, "little") for it in (message_id, offset, size)) + body


def call_frame(method: str, *args: object, call_id: str = "rpc:1") -> bytes:
    """Return a call as the page sends it, in one frame."""
    call = {"wslink": "1.0", "id": call_id, "method": method, "args": list(args), "kwargs": {}}
    return chunk(msgspec.msgpack.encode(call))


HELLO: Final = call_frame("wslink.hello", {"secret": DEFAULT_SECRET}, call_id="system:c0:0")


@dataclass
class StockTrame:
    """Started on entering, ended on leaving."""

    title: str = "Craniopagus"
    port: int = 0
    _process: subprocess.Popen[str] | None = None
    _errors: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.abuse.stock_application", self.title],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log
        self.port = int(json.loads(line)["port"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(ANSWER_WITHIN_S)
        self._process.stdout.close()
        self._errors.close()

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote to standard error so far."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def ended(self) -> bool:
        """Wait for the process to end by itself, and say whether it did."""
        assert self._process is not None
        try:
            self._process.wait(ANSWER_WITHIN_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    @contextlib.asynccontextmanager
    async def line(self, **headers: str) -> AsyncIterator["StockLine"]:
        """Open a socket and say nothing yet."""
        async with (
            ClientSession(self.url) as http,
            http.ws_connect("/ws", headers=headers, max_msg_size=0) as socket,
        ):
            yield StockLine(socket)

    @contextlib.asynccontextmanager
    async def member(self) -> AsyncIterator["StockLine"]:
        """Open a socket and say hello with the secret that everybody knows."""
        async with self.line() as line:
            await line.socket.send_bytes(HELLO)
            await line.answer("system:c0:0")
            yield line


@dataclass
class StockLine:
    """One socket to a stock application."""

    socket: ClientWebSocketResponse
    heard: list[dict[str, Any]] = field(default_factory=list)
    _calls: int = 0

    async def call(self, method: str, *args: object) -> dict[str, Any]:
        """Call a method and return the answer, an error or not."""
        self._calls += 1
        name = f"rpc:{self._calls}"
        await self.socket.send_bytes(call_frame(method, *args, call_id=name))
        return await self.answer(name)

    async def answer(self, call_id: str) -> dict[str, Any]:
        """Return the answer to a call; what comes before it is kept in `heard`."""
        while True:
            message = await self.hear()
            if message.get("id") == call_id:
                return message
            self.heard.append(message)

    async def hear(self, within_s: float = ANSWER_WITHIN_S) -> dict[str, Any]:
        """Return the next message."""
        async with asyncio.timeout(within_s):
            parts = bytearray()
            while True:
                frame = await self.socket.receive()
                assert frame.type == WSMsgType.BINARY, f"the socket closed: {frame.data}"
                parts += frame.data[HEADER_BYTES:]
                if len(parts) >= int.from_bytes(frame.data[8:12], "little"):
                    message: dict[str, Any] = msgspec.msgpack.decode(bytes(parts))
                    return message

    async def state(self) -> dict[str, Any]:
        """Return the state as somebody gets it who comes now."""
        answer = await self.call("trame.state.get")
        state: dict[str, Any] = answer["result"]["state"]
        return state

    async def set(self, key: str, value: object) -> None:
        """Set one key of the state, as a page does for a field."""
        await self.call("trame.state.update", [{"key": key, "value": value}])

    async def told(self, key: str) -> Any:  # noqa: ANN401  # whatever the state holds
        """Wait until somebody else's change of a key arrives, and return it."""
        while True:
            message = self.heard.pop(0) if self.heard else await self.hear()
            news = message.get("result")
            found = _value_in(news, key)
            if found is not None:
                return found

    def stall(self) -> None:
        """Read nothing from now on."""
        stall(self._transport)

    def cut(self) -> None:
        """Break the line."""
        self._transport.abort()

    @property
    def _transport(self) -> asyncio.Transport:
        connection = self.socket._conn
        assert connection is not None
        assert connection.transport is not None
        return connection.transport


def stall(transport: asyncio.Transport) -> None:
    """Stop reading, with as little room in between as the system allows."""
    transport.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    transport.pause_reading()


def _value_in(news: object, key: str) -> object:
    if isinstance(news, list):
        return next((found for it in news if (found := _value_in(it, key)) is not None), None)
    return news.get(key) if isinstance(news, dict) else None
