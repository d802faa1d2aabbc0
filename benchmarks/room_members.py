"""Members of a real room without a browser: they join by link and speak the room's protocol."""

import asyncio
import itertools
import re
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.server_process import ServerProcess
from benchmarks.traffic import Line, wait_for_frames
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from sessions.plan.commands import MemberCommand
from sessions.plan.records import MemberId, OperationId
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    Advanced,
    Hello,
    Refused,
    ServerMessage,
    Submit,
    Welcome,
)

_decoder: msgspec.json.Decoder[list[ServerMessage]] = msgspec.json.Decoder(list[ServerMessage])

FORM_TOKEN = re.compile('name="form_token" value="([0-9a-f]+)"')
"""Binds the form of an invitation to the browser that shows it."""

WAIT_S = 2.0
"""For the server's patience with one address to come back."""

LIGHT_PHANTOM_MM = 3.0
"""Voxels of the phantom where its surfaces play no part."""


@dataclass(slots=True)
class RoomMember:
    """Somebody in the room, with the plan that they were shown on arrival."""

    line: Line
    welcome: Welcome
    address: str
    session: aiohttp.ClientSession

    @property
    def member_id(self) -> MemberId:
        """Who the room says it is."""
        return self.welcome.member_id

    async def ask(self, command: MemberCommand) -> None:
        """Ask for a command and wait until it is on disk and told.

        Raises
        ------
        RuntimeError
            The server refused, or did not answer.
        """
        submit = Submit(operation_id=OperationId(secrets.token_hex(8)), command=command)
        await self.line.socket.send_str(text_of(submit))
        answers: list[Acknowledged | Refused] = []

        def answered(line: Line) -> bool:
            answers[:] = [
                message
                for _, text in line.frames
                if submit.operation_id in text
                for message in read(text)
                if isinstance(message, Acknowledged | Refused)
                and message.operation_id == submit.operation_id
            ]
            return bool(answers)

        await wait_for_frames([self.line], answered)
        match answers:
            case [Acknowledged()]:
                pass
            case [Refused(reason=reason)]:
                raise RuntimeError(reason)
            case _:
                raise RuntimeError("the server did not answer")

    async def plan_now(self) -> Welcome:
        """Return what a page that connects now is shown."""
        line, welcome = await _connect(self.session, self.address)
        await line.close()
        return welcome

    async def again(self) -> tuple[Line, Welcome]:
        """Open another line as the same member."""
        return await _connect(self.session, self.address)

    def plan_as_followed(self) -> dict[str, Any]:
        """Return the plan view as the frames on the line have made it."""
        view: dict[str, Any] = {kind: dict(of) for kind, of in self.welcome.view.items()}
        for _, text in self.line.frames:
            changes = (it.changes for it in read(text) if isinstance(it, Advanced))
            for change in itertools.chain.from_iterable(changes):
                if change.value is None:
                    view[change.kind].pop(change.id, None)
                else:
                    view[change.kind][change.id] = change.value
        return view


def text_of(message: msgspec.Struct) -> str:
    """Return a message as it goes over the wire."""
    return msgspec.json.encode(message).decode()


def read(text: str) -> list[ServerMessage]:
    """Return what the server said in one frame."""
    return _decoder.decode(text)


@contextmanager
def light_room(*program: str) -> Iterator[tuple[ServerProcess, Path]]:
    """Serve a room with one small segment; yield the server and its data folder.

    Parameters
    ----------
    program : str, optional
        A module that runs the command, with arguments of its own.
    """
    engine = ("--engine", "threshold", "--set", "lower_hu=300")
    with phantom_room(LIGHT_PHANTOM_MM, *engine, program=program or ("workspace.cli",)) as room:
        yield room


@contextmanager
def phantom_room(
    spacing_mm: float, *more: str, program: Sequence[str] = ("workspace.cli",)
) -> Iterator[tuple[ServerProcess, Path]]:
    """Serve a room on the phantom for the length of the block; yield it and its data folder."""
    with tempfile.TemporaryDirectory() as name:
        series, data = Path(name) / "series", Path(name) / "data"
        write_series(craniopagus(), series, Acquisition(spacing_mm=(spacing_mm,) * 3))
        arguments = ("open", str(series), "--data", str(data), "--port", "0", "--json", *more)
        with ServerProcess(*program, *arguments) as server:
            yield server, data


@asynccontextmanager
async def members_of(link: str, count: int) -> AsyncIterator[list[RoomMember]]:
    """Let members in by a link; they leave when the block ends."""
    members: list[RoomMember] = []
    try:
        for number in range(count):
            member = await _join(link, f"Member {number + 1}")
            members.append(member)
        yield members
    finally:
        for member in members:
            await member.line.close()
            await member.session.close()


@asynccontextmanager
async def lines_to(url: str, count: int) -> AsyncIterator[list[Line]]:
    """Open plain sockets to the bare peer."""
    async with aiohttp.ClientSession() as session:
        lines = [Line(await session.ws_connect(f"{url}/socket")) for _ in range(count)]
        for line in lines:
            line.listen()
        try:
            yield lines
        finally:
            for line in lines:
                await line.close()


async def _join(link: str, name: str) -> RoomMember:
    url = link.partition("/join/")[0]
    # cookies of several members, all on one address: each has a jar of their own
    session = aiohttp.ClientSession(
        headers={"Origin": url}, cookie_jar=aiohttp.CookieJar(unsafe=True)
    )
    try:
        path = await _admitted(session, link, name)
        if path is None:  # so many from one address have to wait a little
            await asyncio.sleep(WAIT_S)
            path = await _admitted(session, link, name)
        if path is None:
            raise RuntimeError("the server lets nobody more in from this address")  # noqa: TRY301
        address = f"{url}{path}socket"
        line, welcome = await _connect(session, address)
    except BaseException:
        await session.close()
        raise
    return RoomMember(line, welcome, address, session)


async def _admitted(session: aiohttp.ClientSession, link: str, name: str) -> str | None:
    """Return the path of a new member's page, or None where the server asks to wait."""
    async with session.get(link) as form:
        token = FORM_TOKEN.search(await form.text())
    fields = {"name": name, "form_token": "" if token is None else token[1]}
    async with session.post(link, data=fields, allow_redirects=False) as answer:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return None
        return answer.headers["Location"]


async def _connect(session: aiohttp.ClientSession, address: str) -> tuple[Line, Welcome]:
    socket = await session.ws_connect(address, max_msg_size=0)
    await socket.send_str(text_of(Hello(protocol=PROTOCOL_VERSION)))
    welcome = read(await socket.receive_str())[0]
    if not isinstance(welcome, Welcome):
        raise TypeError(f"no welcome but {type(welcome).__name__}")
    line = Line(socket)
    line.listen()
    return line, welcome
