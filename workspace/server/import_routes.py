"""The paths under ``/import``: one page, and what its script asks for.

An upload is a list of files and their content as one stream, in the order of the list. The list
comes in parts, the stream in chunks that begin where the last one ended, after tus 1.0: ``HEAD``
tells the offset, ``PATCH`` with ``Upload-Offset`` goes on from there, a wrong offset is answered
with 409 and the true one. Ten thousand small files thus need as many requests as one large file.
"""

import asyncio
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from workspace.errors import UploadError
from workspace.server.import_access import (
    DESK,
    PATH,
    answering_in_json,
    owner_of,
    refusal,
    set_uploader_cookie,
)
from workspace.server.import_desk import ImportDesk
from workspace.server.import_page import show_page, visit
from workspace.server.import_states import room_of, state_of
from workspace.server.receiving import Turns, receive
from workspace.uploading.upload import ListedFile, Upload

API: Final = f"{PATH}/api"
UPLOAD: Final = API + "/uploads/{upload:[0-9a-f]{32}}"

MAX_REQUEST_BYTES: Final = 16 * 1024
"""Of a request that is no content and no list."""

TURNS: "Final[web.AppKey[Turns]]" = web.AppKey("upload_turns")

T = TypeVar("T")


class Announcement(msgspec.Struct, frozen=True):
    """What an upload is going to be."""

    fingerprint: str
    files: int
    total_bytes: int


class Wish(msgspec.Struct, frozen=True):
    """Which room to make of an upload."""

    volume_id: str
    title: str


def add_import_routes(application: web.Application, desk: ImportDesk) -> None:
    """Let images be sent to this application."""
    application[DESK] = desk
    application[TURNS] = Turns()
    route = application.router
    route.add_get(PATH + "/", show_page)
    route.add_post(API + "/session", answering_in_json(greet))
    route.add_post(API + "/uploads", answering_in_json(announce))
    route.add_head(UPLOAD, answering_in_json(tell_offset))
    route.add_get(UPLOAD, answering_in_json(tell_state), allow_head=False)
    route.add_put(UPLOAD + "/list/{start:[0-9]{1,9}}", answering_in_json(take_list))
    route.add_patch(UPLOAD, answering_in_json(take_content))
    route.add_post(UPLOAD + "/inspection", answering_in_json(inspect))
    route.add_post(UPLOAD + "/room", answering_in_json(open_room))
    route.add_delete(UPLOAD, answering_in_json(discard))
    route.add_get(PATH + "/{token}", visit)


async def greet(request: web.Request) -> web.Response:
    """Know the uploader again, and tell them of their uploads and of what is accepted."""
    desk = request.app[DESK]
    response = web.Response(content_type="application/json")
    owner = set_uploader_cookie(response, request)
    uploads = [state_of(desk, owner, upload) for upload in desk.shelf.owned_by(owner)]
    known = {upload["id"] for upload in uploads}
    uploads += [
        room_of(upload_id, job)
        for upload_id, job in desk.ready_for(owner).items()
        if upload_id not in known
    ]
    limits = desk.shelf.limits
    response.body = msgspec.json.encode(
        {
            "uploads": uploads,
            "limits": {
                "total_bytes": limits.total_bytes,
                "files": limits.files,
                "chunk_bytes": limits.chunk_bytes,
                "list_bytes": limits.list_bytes,
                "kept_days": limits.kept_for.days,
            },
        }
    )
    return response


async def announce(request: web.Request) -> web.Response:
    """Begin an upload."""
    owner = owner_of(request)
    asked = await _body(request, Announcement, MAX_REQUEST_BYTES)
    desk = request.app[DESK]
    upload = await asyncio.to_thread(
        desk.shelf.create, owner, asked.fingerprint, asked.files, asked.total_bytes
    )
    return web.json_response(state_of(desk, owner, upload), status=201)


async def take_list(request: web.Request) -> web.Response:
    """Take in a part of the list of files."""
    upload = _upload(request)
    limits = request.app[DESK].shelf.limits
    entries = await _body(request, list[ListedFile], limits.list_bytes)
    try:
        start = int(request.match_info["start"])
        await asyncio.to_thread(upload.list_files, start, entries)
    except UploadError as error:
        if error.code != "wrong_start":
            raise
        return web.json_response({"code": error.code, "listed": upload.listed}, status=409)
    return web.json_response({"listed": upload.listed})


async def tell_offset(request: web.Request) -> web.Response:
    """Tell where the content stands."""
    return web.Response(headers=_offset_headers(_upload(request)))


async def take_content(request: web.Request) -> web.Response:
    """Take in a chunk of the content; whatever comes of it counts, even if the line is lost."""
    upload = _upload(request)
    desk = request.app[DESK]
    size = request.content_length
    if size is None:
        raise UploadError("a chunk must say how long it is", "no_length")
    if size > desk.shelf.limits.chunk_bytes:
        raise UploadError(
            f"a chunk may have {desk.shelf.limits.chunk_bytes} bytes, not {size}", "too_much"
        )
    offset = _offset_in(request)
    await asyncio.to_thread(desk.shelf.require_space, size)

    async def work() -> None:
        upload.require_next(offset, size)
        await receive(request.content, upload, offset)

    try:
        await request.app[TURNS].take(upload.id, work)
    except UploadError as error:
        answer = refusal(error.code, str(error))
        answer.headers.update(_offset_headers(upload))
        return answer
    return web.Response(status=204, headers=_offset_headers(upload))


async def tell_state(request: web.Request) -> web.Response:
    """Tell all about an upload."""
    desk, owner, upload_id = request.app[DESK], owner_of(request), request.match_info["upload"]
    job = desk.job_of(owner, upload_id)
    if job is not None and job.stage == "ready":
        return web.json_response(room_of(upload_id, job))
    return web.json_response(state_of(desk, owner, desk.shelf.of(owner, upload_id)))


async def inspect(request: web.Request) -> web.Response:
    """Look at what has come."""
    upload = _upload(request)
    desk = request.app[DESK]
    await desk.inspect(upload)
    return web.json_response(state_of(desk, upload.promise.owner, upload), status=202)


async def open_room(request: web.Request) -> web.Response:
    """Make a room of one volume."""
    upload = _upload(request)
    wish = await _body(request, Wish, MAX_REQUEST_BYTES)
    desk = request.app[DESK]
    desk.open_room(upload, wish.volume_id, wish.title)
    return web.json_response(state_of(desk, upload.promise.owner, upload), status=202)


async def discard(request: web.Request) -> web.Response:
    """Delete an upload, or forget one that has become a room."""
    desk, owner, upload_id = request.app[DESK], owner_of(request), request.match_info["upload"]
    job = desk.job_of(owner, upload_id)
    if job is not None and job.stage == "ready":
        desk.forget(owner, upload_id)
    else:
        upload = desk.shelf.of(owner, upload_id)
        await request.app[TURNS].stop(upload_id)
        await desk.discard(upload)
    return web.Response(status=204)


def _upload(request: web.Request) -> Upload:
    return request.app[DESK].shelf.of(owner_of(request), request.match_info["upload"])


def _offset_in(request: web.Request) -> int:
    text = request.headers.get("Upload-Offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 (64 bits)
        raise UploadError("a chunk must say at which byte it begins: Upload-Offset", "bad_request")
    return int(text)


def _offset_headers(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.promise.total_bytes),
        "Cache-Control": "no-store",
    }


async def _body(request: web.Request, kind: type[T], longest: int) -> T:
    """Return the JSON of a request, of a kind, read no further than it may be long."""
    content = bytearray()
    async for block in request.content.iter_any():
        content += block
        if len(content) > longest:
            raise UploadError(f"this request may have {longest} bytes", "too_much")
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UploadError("this request says nothing that is understood", "bad_request") from error
