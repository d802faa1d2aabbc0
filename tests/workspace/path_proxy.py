"""A small real reverse proxy that serves us below a path, and says for whom it asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from workspace.server.serving import bound_socket, url_of


@contextlib.asynccontextmanager
async def proxied(target: str, prefix: str, scheme: str = "https") -> AsyncIterator[str]:
    """Pass on what is below `prefix`, as nginx does with its usual four lines."""

    async with ClientSession(auto_decompress=False) as http:

        def headers_for(request: web.Request) -> dict[str, str]:
            kept = {
                name: value
                for name, value in request.headers.items()
                if not name.lower().startswith(("sec-websocket", "connection", "upgrade", "x-forw"))
            }
            before = request.headers.get("X-Forwarded-For")
            here = request.remote or ""
            chain = f"{before}, {here}" if before else here
            return {**kept, "X-Forwarded-For": chain, "X-Forwarded-Proto": scheme}

        async def pass_on(request: web.Request) -> web.StreamResponse:
            address = target + request.raw_path
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await carry(request, address)
            async with http.request(
                request.method,
                address,
                data=await request.read(),
                headers=headers_for(request),
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
                headers = answer.headers.copy()
                headers.popall("Transfer-Encoding", None)
                headers.popall("Content-Length", None)
                return web.Response(status=answer.status, body=body, headers=headers)

        async def carry(request: web.Request, address: str) -> web.StreamResponse:
            here = web.WebSocketResponse()
            async with http.ws_connect(address, headers=headers_for(request)) as there:
                await here.prepare(request)
                await asyncio.gather(_pump(here, there), _pump(there, here))
            return here

        application = web.Application()
        application.router.add_route("*", prefix + "{rest:.*}", pass_on)
        with bound_socket("127.0.0.1", 0) as listener:
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                yield url_of(listener)
            finally:
                await runner.cleanup()


Line = web.WebSocketResponse | ClientWebSocketResponse


async def _pump(source: Line, sink: Line) -> None:
    async for message in source:
        if message.type == WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await sink.send_bytes(message.data)
    await sink.close()
