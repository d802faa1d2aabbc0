"""A member's page: trame's frame with our parts inside, and the socket of its panels."""

import contextlib
import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from sessions.plan.anatomy import leaf_surfaces
from sessions.plan.records import RoomId
from workspace.accounts.attempts import network_of
from workspace.panels.words import TAGS, spoken_now, t
from workspace.server.access import (
    HOSTING,
    Visitor,
    caller_of,
    member_path,
    require_own_origin,
    require_visitor,
)
from workspace.server.attendance import End, Present
from workspace.server.keyring import note_opened_again
from workspace.server.panels_socket import PanelsSocket, panels_websocket
from workspace.server.refusals import Refusal
from workspace.server.room_socket import RoomSocket, room_websocket
from workspace.server.site import address_of, at
from workspace.server.static_files import STATIC

EARLY: Final = "commissure_client/commissure_early.js"

_LOADING = (
    '<div style="position:fixed;inset:0;display:grid;place-items:center;background:#0b0e13;'
    'color:#93a0b4;font:15px Inter,Segoe UI,Roboto,Helvetica,Arial,sans-serif">'
    '<main role="status">{words}</main></div>'
)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What the page can begin to fetch before its scripts have come."""

    url: str
    """Folder of the surfaces."""
    names: tuple[str, ...]


def page_html(
    www: Path, preloads: Iterable[str], anatomy: Anatomy, static_url: str, session_url: str
) -> str:
    """Return the page around trame's client, without its inline script.

    Parameters
    ----------
    www : Path
        trame's web folder: its scripts carry a hash in their names.
    preloads : iterable of str
        Scripts that trame's client will load once it has its state; fetched from the start.
    anatomy : Anatomy
        Surfaces to fetch and decode from the start.
    static_url : str
        Where static files are.
    session_url : str
        Where trame's client asks for the address of its socket.
    """
    script = next((www / "assets").glob("index-*.js")).name
    style = next((www / "assets").glob("index-*.css")).name
    # The document's base is where the files are: a bare fragment would lead there.
    skip = f'<a class="cm-skip" href="{session_url.removesuffix("session")}#view">'
    loading = _LOADING.replace("{words}", html.escape(t("Opening the room…")))
    return (
        f'<!doctype html><html lang="{TAGS[spoken_now()]}" data-app-name="trame" '
        f'data-launcher-retry="[]" data-session-manager-url="{session_url}"><head>'
        f'<base href="{static_url}">'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="panels/favicon.svg"><title>Commissure</title>'
        '<link rel="stylesheet" href="panels/theme.css">'
        '<link rel="stylesheet" href="panels/touch.css">'
        f'<script async src="{EARLY}" data-surfaces="{anatomy.url}" '
        f'data-names="{" ".join(anatomy.names)}"></script>'
        + "".join(f'<link rel="preload" as="script" href="{name}">' for name in preloads)
        + '<script src="vue.global.js"></script>'
        f'<script type="module" crossorigin src="assets/{script}"></script>'
        f'<link rel="stylesheet" crossorigin href="assets/{style}">'
        f"</head><body>{skip}{html.escape(t('Skip to the view'))}</a>"
        f'<div id="app">{loading}</div></body></html>'
    )


async def show_page(request: web.Request) -> web.Response:
    """Send the page of the member whose cookie came along."""
    visitor = await require_visitor(request)
    if request.query_string:
        # trame's client would take the address of its server from the query
        raise web.HTTPSeeOther(request.path)
    if visitor.session is not None:
        account_id = visitor.session.account.account_id
        await visitor.hosted.room.member_accounts.opened(account_id)
    hosting = request.app[HOSTING]
    path = member_path(request.match_info["room"], visitor.member.member_id)
    text = page_html(
        Path(hosting.layouts.trame_www),
        hosting.layouts.of(spoken_now()).scripts,
        Anatomy(at(request, f"{path}surfaces"), leaf_surfaces(visitor.hosted.room.plan)),
        at(request, f"/static/{await request.app[STATIC].digest()}/"),
        at(request, f"{path}session"),
    )
    response = web.Response(text=text, content_type="text/html")
    response.enable_compression()
    note_opened_again(request, response, visitor.member.member_id)
    return response


async def start_session(request: web.Request) -> web.Response:
    """Tell trame's client where its socket is."""
    visitor = await require_visitor(request)
    require_own_origin(request)
    panels = request.app[HOSTING].panels_of(visitor.hosted, visitor.member)
    path = member_path(visitor.hosted.room.room_id, visitor.member.member_id)
    # The page's own origin, which is one of ours: what a proxy made of the host does not matter.
    origin = request.headers["Origin"].replace("http", "ws", 1)
    return web.json_response(
        {
            "sessionURL": f"{origin}{at(request, path)}trame",
            "secret": panels.server.secret,
            "reconnect": True,
        }
    )


async def carry_panels(request: web.Request) -> web.WebSocketResponse:
    """Carry the messages of the member's panels."""
    visitor = await require_visitor(request)
    require_own_origin(request)
    with _counting(request, visitor):
        async with visitor.hosted.audit.present(caller_of(request, visitor), "panels"):
            return await _carry_panels(request, visitor)


async def _carry_panels(request: web.Request, visitor: Visitor) -> web.WebSocketResponse:
    hosted, member = visitor.hosted, visitor.member
    panels = request.app[HOSTING].panels_of(hosted, member)
    socket = panels_websocket()
    await socket.prepare(request)
    request.app[HOSTING].panel_lines.add(socket)

    def refuse(refusal: Refusal) -> None:
        hosted.refused(refusal, member.member_id)

    line = PanelsSocket(socket, request.transport, refuse)
    with (
        _attending(request, visitor, line.drop) as present,
        panels.shown(),
        hosted.metrics.panel_sockets.track_inprogress(),
    ):
        line.on_use = present.use
        await panels.server.pump(line.frames(), line.send, refuse)
    return socket


async def carry_room(request: web.Request) -> web.WebSocketResponse:
    """Carry the messages of the room."""
    visitor = await require_visitor(request)
    require_own_origin(request)
    with _counting(request, visitor):
        return await _carry_room(request, visitor)


async def _carry_room(request: web.Request, visitor: Visitor) -> web.WebSocketResponse:
    socket = room_websocket()
    await socket.prepare(request)
    caller = caller_of(request, visitor)
    room_socket = RoomSocket(visitor.hosted, caller, socket, request.transport)
    with _attending(request, visitor, room_socket.part) as present:
        room_socket.on_use = present.use
        await room_socket.run()
    return socket


def _counting(request: web.Request, visitor: Visitor) -> contextlib.AbstractContextManager[None]:
    """Count a socket from before it opens, and refuse one too many."""
    room_id, member_id = RoomId(visitor.hosted.room.room_id), visitor.member.member_id
    address = network_of(address_of(request))
    return request.app[HOSTING].open_sockets.one(room_id, member_id, address)


def _attending(
    request: web.Request, visitor: Visitor, end: End
) -> contextlib.AbstractContextManager[Present]:
    """Count a socket as long as it is open, so that it closes when its sign-in ends."""
    room_id = RoomId(visitor.hosted.room.room_id)
    session = None if visitor.session is None else visitor.session.token_hash
    attendance = request.app[HOSTING].attendance
    return attendance.of(room_id, visitor.member.member_id, session, end)
