"""The volumes of a room, for browsers that draw slices and volumes themselves."""

import asyncio
import re
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from imaging.volume_store.layout import DOCUMENT, json_bytes, ome_attributes, shard_path
from imaging.volume_store.reading import OpenedVolume
from workspace.imagery.listing import Listing, listed
from workspace.server.access import require_visitor
from workspace.server.downloads import FOREVER
from workspace.server.image_access import (
    IMAGE_DESK,
    NOT_HERE,
    NOT_YOURS,
    refuse_images,
    sees_images,
)

_ARRAY: Final = re.compile(r"([0-9]{1,2})/zarr\.json")
_SHARD: Final = re.compile(r"([0-9]{1,2})/c/([0-9]{1,5})/0/0")


def add_volume_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/volumes", send_volumes)
    route.add_get(member + "/volumes/{key}/zarr/{path:.+}", send_part)


async def send_volumes(request: web.Request) -> web.Response:
    """Send what volumes the room has, and where each lies in the patient."""
    visitor = await require_visitor(request)
    if not sees_images(visitor):
        refuse_images(request, visitor)
        return _json(Listing((), NOT_YOURS))
    volumes = await request.app[IMAGE_DESK].open_for(request, visitor)
    return _json(Listing(listed(volumes), "" if volumes else NOT_HERE))


async def send_part(request: web.Request) -> web.StreamResponse:
    """Send a document or a shard of a volume, or a range of its bytes."""
    _, volume = await request.app[IMAGE_DESK].require_volume(request)
    path = request.match_info["path"]
    headers = {"Cache-Control": FOREVER}
    if path == DOCUMENT:
        body = root_document(volume.opened)
        return web.Response(body=body, content_type="application/json", headers=headers)
    file = part_of(volume.opened, path)
    if file is None or not await asyncio.to_thread(file.is_file):
        raise web.HTTPNotFound(text="the volume has no such part")
    kind = "application/json" if file.name == DOCUMENT else "application/octet-stream"
    return web.FileResponse(file, headers={**headers, "Content-Type": kind})


def root_document(volume: OpenedVolume) -> bytes:
    """Return the document of the group: any reader of OME-Zarr opens the volume by it.

    Not the one that lies on disk: that also holds the UIDs of the study and of every instance, and
    the hashes of their files, which no page needs.
    """
    return json_bytes(
        {
            "attributes": {"ome": ome_attributes(volume.levels)},
            "zarr_format": 3,
            "node_type": "group",
        }
    )


def part_of(volume: OpenedVolume, path: str) -> Path | None:
    """Return the file of a level's document or shard; None for any other path.

    The file's name is made here from numbers: nothing that a browser says becomes part of it.
    """
    if array := _ARRAY.fullmatch(path):
        level = int(array[1])
        return volume.folder / str(level) / DOCUMENT if level < len(volume.levels) else None
    if shard := _SHARD.fullmatch(path):
        level, layer = int(shard[1]), int(shard[2])
        if level < len(volume.levels) and layer < volume.levels[level].bricks_kji[0]:
            return shard_path(volume.folder, level, layer)
    return None


def _json(document: object) -> web.Response:
    response = web.Response(body=msgspec.json.encode(document), content_type="application/json")
    response.enable_compression()
    return response
