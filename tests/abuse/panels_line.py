"""A line to a member's panels, spoken as an attacker would who has their cookie."""

import contextlib
from collections.abc import AsyncIterator

from tests.abuse.stock_trame import StockLine, call_frame
from tests.workspace.served_room import Guest


@contextlib.asynccontextmanager
async def panels_of(guest: Guest) -> AsyncIterator[StockLine]:
    """Open the socket of a member's panels and say hello with the secret that their page gets."""
    headers = {"Origin": guest.origin}
    async with guest.http.post(f"{guest.path}session", headers=headers) as answer:
        secret = (await answer.json())["secret"]
    async with guest.raw_socket("trame") as socket:
        hello = call_frame("wslink.hello", {"secret": secret}, call_id="system:c0:0")
        await socket.send_bytes(hello)
        line = StockLine(socket)
        assert "result" in await line.answer("system:c0:0")
        yield line
