"""A member's page: trame's frame with our parts inside, and the socket of its panels."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from aiohttp import WSMsgType, web

from workspace.server.access import HOSTING, member_path, require_member, require_own_origin
from workspace.server.gate import MAX_FRAME_BYTES
from workspace.server.room_socket import HEARTBEAT_S, MAX_MESSAGE_BYTES, RoomSocket

_LOADING = (
    '<div style="position:fixed;inset:0;display:grid;place-items:center;background:#0b0e13;'
    'color:#93a0b4;font:15px Inter,Segoe UI,Roboto,Helvetica,Arial,sans-serif">'
    '<div role="status">Opening the room…</div></div>'
)


def page_html(www: Path, preloads: Iterable[str], session_url: str) -> str:
    """Return the page around trame's client, without its inline script.

    Parameters
    ----------
    www : Path
        trame's web folder: its scripts carry a hash in their names.
    preloads : iterable of str
        Scripts that trame's client will load once it has its state; fetched from the start.
    session_url : str
        Where trame's client asks for the address of its socket.
    """
    script = next((www / "assets").glob("index-*.js")).name
    style = next((www / "assets").glob("index-*.css")).name
    return (
        f'<!doctype html><html lang="en" data-app-name="trame" data-launcher-retry="[]" '
        f'data-session-manager-url="{session_url}"><head><base href="/static/">'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="panels/favicon.svg"><title>Commissure</title>'
        '<link rel="stylesheet" href="panels/theme.css">'
        + "".join(f'<link rel="preload" as="script" href="{name}">' for name in preloads)
        + '<script src="vue.global.js"></script>'
        f'<script type="module" crossorigin src="assets/{script}"></script>'
        f'<link rel="stylesheet" crossorigin href="assets/{style}">'
        f'</head><body><div id="app">{_LOADING}</div></body></html>'
    )


async def show_page(request: web.Request) -> web.Response:
    """Send the page of the member whose cookie came along."""
    _, member = await require_member(request)
    if request.query_string:
        # trame's client would take the address of its server from the query
        raise web.HTTPSeeOther(request.path)
    hosting = request.app[HOSTING]
    path = member_path(request.match_info["room"], member.member_id)
    text = page_html(Path(hosting.trame_www), hosting.scripts, f"{path}session")
    return web.Response(text=text, content_type="text/html")


async def start_session(request: web.Request) -> web.Response:
    """Tell trame's client where its socket is."""
    hosted, member = await require_member(request)
    require_own_origin(request)
    panels = request.app[HOSTING].panels_of(hosted, member)
    path = member_path(hosted.room.room_id, member.member_id)
    scheme = "wss" if request.secure else "ws"
    return web.json_response(
        {
            "sessionURL": f"{scheme}://{request.host}{path}trame",
            "secret": panels.server.secret,
            "reconnect": True,
        }
    )


async def carry_panels(request: web.Request) -> web.WebSocketResponse:
    """Carry the messages of the member's panels."""
    hosted, member = await require_member(request)
    require_own_origin(request)
    panels = request.app[HOSTING].panels_of(hosted, member)
    socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, heartbeat=HEARTBEAT_S)
    await socket.prepare(request)

    async def frames() -> AsyncIterator[bytes]:
        async for message in socket:
            if message.type != WSMsgType.BINARY:
                return
            yield message.data

    async def send(data: bytes) -> None:
        if not socket.closed:
            await socket.send_bytes(data)

    with panels.shown(), hosted.metrics.panel_sockets.track_inprogress():
        await panels.server.pump(frames(), send)
    return socket


async def carry_room(request: web.Request) -> web.WebSocketResponse:
    """Carry the messages of the room."""
    hosted, member = await require_member(request)
    require_own_origin(request)
    # Not compressed: latency counts for more than bytes between hospitals.
    socket = web.WebSocketResponse(
        max_msg_size=MAX_MESSAGE_BYTES, heartbeat=HEARTBEAT_S, compress=False
    )
    await socket.prepare(request)
    await RoomSocket(hosted, member, socket, request.transport).run()
    return socket
