"""A real room on disk behind the real application on a loopback port, and guests who join it."""

import asyncio
import contextlib
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from segmentation.surface.encoding import to_blob
from segmentation.surface.mesh import Surface
from sessions.lobby import Lobby
from sessions.plan.commands import AddSegment, MemberCommand, OpenCase
from sessions.plan.records import (
    MemberId,
    OperationId,
    Provenance,
    Role,
    RoomId,
    Segment,
    SegmentId,
)
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    ClientMessage,
    Failure,
    Hello,
    Refused,
    ServerMessage,
    Submit,
    Welcome,
)
from tests.segmentation.solids import ball, box
from tests.sessions.scene import SOURCE
from workspace.blobs import BlobStore
from workspace.planning.measuring import surface_ref
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance
from workspace.server.hosted_room import HostedRoom
from workspace.server.hosting import Hosting
from workspace.server.serving import bound_socket, serving, url_of
from workspace.storage import blobs_in, make_data_folder, rooms_in

M = TypeVar("M")

ROOM = RoomId("theatre-1")
OTHER_ROOM = RoomId("theatre-2")
BALL_MM = 40.0

ANSWER_WITHIN_S = 20.0
"""Far longer than anything takes; a test that waits for nothing ends."""

FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')

_decoder = msgspec.json.Decoder(list[ServerMessage])


def segment_of(segment_id: str, name: str, surface: Surface, blobs: BlobStore) -> Segment:
    """Keep a surface and return the segment that shows it."""
    return Segment(
        segment_id=SegmentId(segment_id),
        name=name,
        code="272673000",
        colour=(241, 214, 145),
        opacity=1.0,
        owner="undecided",
        surface=surface_ref(surface, blobs.put(to_blob(surface))),
        provenance=Provenance(
            engine="bone", version="1", parameters={}, author="test", created_at="2026-01-02"
        ),
    )


async def furnish(hosted: HostedRoom, title: str = "Two solids") -> None:
    """Put a ball and a box into an empty room."""
    await hosted.record_as_server(OpenCase(title=title, source=SOURCE))
    for segment in (
        segment_of("bone", "Bone", ball(BALL_MM), hosted.blobs),
        segment_of("box", "Box (left)", box((20, 20, 20), corner=(100, 0, 0)), hosted.blobs),
    ):
        await hosted.record_as_server(AddSegment(segment=segment))


@dataclass
class Served:
    """A server on a loopback port."""

    hosting: Hosting
    url: str

    async def link(self, role: Role = Role.SURGEON, room: RoomId = ROOM) -> str:
        """Return a new invitation link."""
        return self.url + await self.hosting.invite(room, role)

    async def hosted(self, room: RoomId = ROOM) -> HostedRoom:
        """Return the room."""
        return await self.hosting.room(room)


@contextlib.asynccontextmanager
async def served(
    data: Path,
    pool: GeometryPool | None = None,
    entrance: Entrance | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Served]:
    """Serve a data folder; a room with two solids is made where there is none yet."""
    make_data_folder(data)
    hosting = Hosting(Lobby(rooms_in(data)), blobs_in(data), pool or GeometryPool())
    with bound_socket("127.0.0.1", 0) as listener:
        async with serving(hosting, listener, None, entrance, tls):
            if ROOM not in hosting.room_ids():
                await furnish(await hosting.create(ROOM))
            url = url_of(listener)
            yield Served(hosting, url.replace("http:", "https:") if tls else url)


@dataclass
class Guest:
    """A browser: cookies, and after `join` a member."""

    http: ClientSession
    origin: str
    path: str = ""
    """URL path of the member's page."""
    form_token: str = ""
    """What the last form carried that was opened."""

    @classmethod
    @contextlib.asynccontextmanager
    async def arriving(cls, server: Served) -> AsyncIterator[Self]:
        """Open a browser that has no cookies yet."""
        async with ClientSession(server.url, cookie_jar=CookieJar(unsafe=True)) as http:
            yield cls(http, server.url)

    @classmethod
    @contextlib.asynccontextmanager
    async def joining(
        cls, server: Served, role: Role = Role.SURGEON, name: str = "Ana Reis"
    ) -> AsyncIterator[Self]:
        """Open a browser and join the room."""
        async with cls.arriving(server) as guest:
            await guest.join(await server.link(role), name)
            yield guest

    @property
    def member_id(self) -> MemberId:
        """Who they are in the room."""
        return MemberId(self.path.rstrip("/").rpartition("/")[2])

    async def join(self, link: str, name: str) -> None:
        """Give a name on the page of an invitation."""
        answer = await self.post(urlsplit(link).path, name)
        assert answer.status == 303, await answer.text()
        self.path = answer.headers["Location"]

    async def post(self, path: str, name: str, origin: str | None = "own") -> ClientResponse:
        """Open the form of an invitation, and send it with a name."""
        return await self.send(path, {"name": name}, origin)

    async def send(
        self, path: str, fields: Mapping[str, str], origin: str | None = "own"
    ) -> ClientResponse:
        """Open a form, and send it with these fields."""
        page = await self.http.get(path, allow_redirects=False)
        token = FORM_TOKEN.search(await page.text())
        self.form_token = self.form_token if token is None else token[1]
        data = {**fields, "form_token": self.form_token}
        headers = {} if origin is None else {"Origin": self.origin if origin == "own" else origin}
        answer = await self.http.post(path, data=data, headers=headers, allow_redirects=False)
        await answer.read()
        return answer

    async def post_form(self, page: str, action: str, fields: Mapping[str, str]) -> ClientResponse:
        """Open a page, and send its form to where it leads."""
        async with self.http.get(page) as shown:
            token = FORM_TOKEN.search(await shown.text())
        assert token
        answer = await self.http.post(
            action,
            data={**fields, "form_token": token[1]},
            headers={"Origin": self.origin},
            allow_redirects=False,
        )
        await answer.read()
        return answer

    async def join_or_enter(self, link: str) -> None:
        """Open a link as somebody who is signed in, and may be a member already."""
        answer = await self.http.get(link, allow_redirects=False)
        if answer.status == HTTPStatus.SEE_OTHER:
            self.path = answer.headers["Location"]
        else:
            await self.join(link, "")

    async def get(self, path: str) -> ClientResponse:
        """Fetch something under the member's page."""
        answer = await self.http.get(self.path + path, allow_redirects=False)
        await answer.read()
        return answer

    @contextlib.asynccontextmanager
    async def in_room(self) -> AsyncIterator["Line"]:
        """Open the room socket and say hello."""
        async with self.raw_socket() as socket:
            line = Line(socket)
            await line.say(Hello(protocol=PROTOCOL_VERSION))
            line.welcome = await line.hear(Welcome)
            yield line

    @contextlib.asynccontextmanager
    async def raw_socket(self, name: str = "socket") -> AsyncIterator[ClientWebSocketResponse]:
        """Open a socket and say nothing."""
        async with self.http.ws_connect(
            self.path + name, headers={"Origin": self.origin}, max_msg_size=0
        ) as socket:
            yield socket


@dataclass
class Line:
    """A room socket, greeted."""

    socket: ClientWebSocketResponse
    heard: list[ServerMessage] = field(default_factory=list)
    """Whatever came while something else was waited for."""
    welcome: Welcome = None  # type: ignore[assignment]  # set before anybody sees the line
    _operations: int = 0
    _unread: deque[ServerMessage] = field(default_factory=deque)

    async def say(self, message: ClientMessage) -> None:
        """Send a message."""
        await self.socket.send_str(msgspec.json.encode(message).decode())

    async def hear(self, kind: type[M]) -> M:
        """Return the next message of a kind."""
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while True:
                while self._unread:
                    message = self._unread.popleft()
                    if isinstance(message, kind):
                        return message
                    self.heard.append(message)
                frame = await self.socket.receive()
                assert frame.type == WSMsgType.TEXT, f"the socket closed: {frame.data}"
                self._unread.extend(_decoder.decode(frame.data))

    async def ask(
        self, command: MemberCommand, operation_id: str | None = None
    ) -> Acknowledged | Refused:
        """Send a command and return the room's answer to it."""
        self._operations += 1
        name = OperationId(operation_id or f"op-{self.welcome.member_id}-{self._operations}")
        await self.say(Submit(operation_id=name, command=command))
        while True:
            answer: Acknowledged | Refused = await self.hear(Acknowledged | Refused)  # type: ignore[arg-type]
            if answer.operation_id == name:
                return answer

    async def done(self, command: MemberCommand) -> int:
        """Send a command, see it acknowledged and return its revision."""
        answer = await self.ask(command)
        assert isinstance(answer, Acknowledged), answer
        return answer.revision

    async def farewell(self) -> str:
        """Return the sentence with which the server closes the line."""
        reason = (await self.hear(Failure)).reason
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while not (await self.socket.receive()).type.name.startswith("CLOS"):
                pass
        return reason
