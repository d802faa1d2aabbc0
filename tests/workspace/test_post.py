"""What is told in one turn of the loop is one frame, and its bytes are shared."""

import asyncio
import time
from dataclasses import dataclass, field

import pytest
from aiohttp import WSMsgType
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
from aiohttp.base_protocol import BaseProtocol
from hypothesis import given
from hypothesis import strategies as st

from workspace.server.frames import PING, frame_of, pong_of
from workspace.server.post import WATCH_S, Post


@dataclass(eq=False)
class Page:
    """Keeps what it is sent."""

    frames: list[bytes] = field(default_factory=list)

    written: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)
        self.written.set()

    def clear(self) -> None:
        self.frames.clear()
        self.written.clear()


async def test_messages_of_one_turn_leave_together_and_in_order() -> None:
    post: Post[Page] = Post()
    ana, ben = Page(), Page()
    for message in (b'"a"', b'"b"'):
        post.put(ana, message)
        post.put(ben, message)
    post.put(ana, b'"c"')
    assert post.has_for(ana)
    assert ana.frames == []
    await asyncio.sleep(0)
    post.put(ben, b'"d"')
    await asyncio.sleep(0)
    assert ana.frames == [frame_of([b'"a"', b'"b"', b'"c"'])]
    assert ben.frames == [frame_of([b'"a"', b'"b"']), frame_of([b'"d"'])]
    assert not post.has_for(ana)


async def test_a_busy_post_gathers_for_a_moment_and_a_quiet_one_no_longer() -> None:
    post: Post[Page] = Post()
    pages = [Page() for _ in range(50)]
    until = time.monotonic() + 3 * WATCH_S
    while time.monotonic() < until:  # far more than can be wanted
        for page in pages:
            post.put(page, b'"a"')
        await asyncio.sleep(0)
    ana = Page()
    post.put(ana, b'"b"')
    await asyncio.sleep(0)
    assert ana.frames == []
    post.put(ana, b'"c"')
    await ana.written.wait()
    assert ana.frames == [frame_of([b'"b"', b'"c"'])]
    for _ in range(2):  # what was counted before, and what has been since
        await asyncio.sleep(WATCH_S)
        ana.clear()
        post.put(ana, b'"d"')
        await ana.written.wait()
    post.put(ana, b'"e"')
    await asyncio.sleep(0)
    assert ana.frames[-1] == frame_of([b'"e"'])


async def test_those_who_are_told_the_same_share_the_bytes() -> None:
    post: Post[Page] = Post()
    pages = [Page() for _ in range(5)]
    message = b'{"type":"progress"}'
    for page in pages:
        post.put(page, message)
    post.deliver()
    assert len({id(page.frames[0]) for page in pages}) == 1


async def read(frame: bytes) -> list[tuple[WSMsgType, object]]:
    """Return what aiohttp's own reader finds in bytes."""
    loop = asyncio.get_running_loop()
    queue = WebSocketDataQueue(BaseProtocol(loop), 2**24, loop=loop)
    failed, _ = WebSocketReader(queue, 2**24, compress=False, decode_text=True).feed_data(frame)
    assert not failed
    found = []
    while queue._buffer:
        message = await queue.read()
        found.append((message.type, message.data))
    return found


@pytest.mark.parametrize("length", [0, 1, 123, 124, 125, 126, 65_533, 65_534, 65_535, 200_000])
async def test_a_frame_of_any_length_is_read_as_it_was_written(length: int) -> None:
    text = "x" * length
    assert await read(frame_of([text.encode()]) + PING + pong_of(b"?")) == [
        (WSMsgType.TEXT, f"[{text}]"),
        (WSMsgType.PING, b""),
        (WSMsgType.PONG, b"?"),
    ]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_messages_are_an_array(messages: list[bytes]) -> None:
    assert frame_of(messages)[2:].endswith(b"[" + b",".join(messages) + b"]")
