"""Who sees a room's images: by role, on record, and not faster than anybody scrolls."""

import asyncio
from typing import Final

from aiohttp import web

from sessions.members import may
from workspace.imagery.levels import LevelMemory
from workspace.imagery.shelf import ShownVolume, VolumeShelf
from workspace.server.access import Visitor, caller_of, require_visitor
from workspace.server.picture_desk import PictureDesk
from workspace.server.token_bucket import TokenBucket

BRICKS_PER_S: Final = 400.0
"""A volume of 512 x 512 x 300 is 330 bricks at its finest."""

BURST: Final = 4000.0

NOT_HERE: Final = "The images of this case are not on this server."
NOT_YOURS: Final = "Your role does not see the images; ask the room's owner."

IMAGE_DESK: "Final[web.AppKey[ImageDesk]]" = web.AppKey("image_desk")


class ImageDesk:
    """Lets members at the images of their room.

    Parameters
    ----------
    shelf : VolumeShelf
        The volumes.
    """

    def __init__(self, shelf: VolumeShelf) -> None:
        self.shelf = shelf
        self.memory = LevelMemory()
        self.pictures = PictureDesk()
        self._on_record: set[tuple[str, str]] = set()
        self._buckets: dict[tuple[str, str], TokenBucket] = {}

    async def close(self, _: web.Application) -> None:
        """Draw no more."""
        await self.pictures.close()

    async def open_for(self, request: web.Request, visitor: Visitor) -> tuple[ShownVolume, ...]:
        """Return the volumes of a visitor's room, and put it on record that they see them.

        Raises
        ------
        AuditError
            It cannot be noted, so they must not see them.
        """
        volumes = await asyncio.to_thread(self.shelf.volumes, visitor.hosted.room.room_id)
        if volumes:
            await self._note(request, visitor)
        return volumes

    async def require_volume(self, request: web.Request) -> tuple[Visitor, ShownVolume]:
        """Return the volume that a request names, of the room of whoever asks.

        Raises
        ------
        aiohttp.web.HTTPForbidden, HTTPNotFound, HTTPTooManyRequests
            Their role does not see it, the room has none of that key, or they ask too often.
        """
        visitor = await require_visitor(request)
        if not sees_images(visitor):
            refuse_images(request, visitor)
            raise web.HTTPForbidden(text=NOT_YOURS)
        room_id = visitor.hosted.room.room_id
        key = request.match_info["key"]
        volume = await asyncio.to_thread(self.shelf.volume, room_id, key)
        if volume is None:
            raise web.HTTPNotFound(text=NOT_HERE)
        who = (room_id, visitor.member.member_id)
        if not self._buckets.setdefault(who, TokenBucket(BRICKS_PER_S, BURST)).take():
            raise web.HTTPTooManyRequests(headers={"Retry-After": "1"})
        if who not in self._on_record:
            await self._note(request, visitor)
        return visitor, volume

    async def _note(self, request: web.Request, visitor: Visitor) -> None:
        await visitor.hosted.audit.saw(caller_of(request, visitor), "images")
        self._on_record.add((visitor.hosted.room.room_id, visitor.member.member_id))


def sees_images(visitor: Visitor) -> bool:
    """Say whether somebody's role, as it is now, sees grey values."""
    return may(visitor.hosted.room.plan.members[visitor.member.member_id].role, "see_images")


def refuse_images(request: web.Request, visitor: Visitor) -> None:
    """Put it on record that somebody asked for images which their role does not see."""
    visitor.hosted.audit.refused(caller_of(request, visitor), "images", "forbidden_images")
