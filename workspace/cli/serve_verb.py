"""`commissure serve`: open the rooms of a data folder again."""

import asyncio
import socket
from pathlib import Path
from typing import Annotated

import typer

from workspace.errors import ServingError


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("serve")
    def serve(
        data: Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")] = None,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8765,
    ) -> None:
        """Serve the rooms of a data folder; earlier links and open pages keep working."""
        from workspace.cli.data_folder import default_data_folder
        from workspace.server.serving import bound_socket

        folder = data or default_data_folder()
        if not (folder / "rooms").is_dir():
            raise ServingError(
                f"{folder} holds no rooms; name the right folder with --data, or make a room with "
                "`commissure open`"
            )
        listener = bound_socket(host, port)
        try:
            asyncio.run(_serve(folder, listener))
        finally:
            listener.close()


async def _serve(folder: Path, listener: socket.socket) -> None:
    from sessions.plan.records import Role
    from workspace.server.hosting import Hosting
    from workspace.server.serving import serving, until_told_to_stop, url_of

    hosting = Hosting.of_folder(folder)
    async with serving(hosting, listener):
        url = url_of(listener)
        print(f"Serving {len(hosting.room_ids())} room(s) at {url}; links given out before still work.")
        print("A new owner's link for each room, from which the owner can invite others:")
        for room_id in hosting.room_ids():
            print(f"  {room_id}  {url}{await hosting.invite(room_id, Role.OWNER)}")
        print("Ctrl+C stops.", flush=True)
        await until_told_to_stop()
