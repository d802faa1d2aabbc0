"""The peer of the room: aiohttp sends every text to everybody, and remembers nothing."""

import asyncio
import json

from aiohttp import WSMsgType, web


async def _serve() -> None:
    sockets: set[web.WebSocketResponse] = set()

    async def carry(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sockets.add(socket)
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    for other in list(sockets):
                        if not other.closed:
                            await other.send_str(message.data)
        finally:
            sockets.discard(socket)
        return socket

    application = web.Application()
    application.router.add_get("/socket", carry)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
