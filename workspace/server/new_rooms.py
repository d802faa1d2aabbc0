"""Rooms that are being made: they come to life whole, or leave nothing behind."""

import contextlib
import secrets
from collections.abc import AsyncIterator

from sessions.plan.records import RoomId
from workspace.server.hosted_room import HostedRoom
from workspace.server.hosting import Hosting


@contextlib.asynccontextmanager
async def new_room(hosting: Hosting) -> AsyncIterator[tuple[RoomId, HostedRoom]]:
    """Make an empty room for the length of the block that furnishes it.

    Whatever the block raises, the room is gone then: it holds nobody's work yet.
    """
    room_id = new_room_id()
    hosted = await hosting.create(room_id)
    try:
        yield room_id, hosted
    except BaseException as error:
        reason = str(error) if isinstance(error, Exception) else "the server was stopped"
        await hosting.forget(room_id, f"the images could not be imported: {reason}")
        raise


def new_room_id() -> RoomId:
    """Return an id that nobody can guess, and that says nothing: it stands in every address."""
    return RoomId(f"case-{secrets.token_hex(4)}")
