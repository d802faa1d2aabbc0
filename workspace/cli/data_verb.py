"""`commissure data`: how a data folder stands, and bringing old rooms up to date."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workspace.cli.logs import room_code
from workspace.storage import default_data_folder, require_folder, rooms_in

if TYPE_CHECKING:
    from workspace.operations.standing import DatabaseStanding

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    data = typer.Typer(help="The data folder: its databases, their schemas, what takes room.")
    data.command("status")(status)
    data.command("migrate")(migrate)
    app.add_typer(data, name="data")


def status(
    data: Data = None,
    check: Annotated[bool, typer.Option(help="Also replay every room's log.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell of every database whether this version reads it, and of every room its name in logs."""
    from workspace.operations.standing import standing_of

    folder = require_folder(data or default_data_folder())
    standing = standing_of(folder, replayed=check)
    if as_json:
        databases = [
            {**it._asdict(), "migrates": it.is_older, "log_name": _log_name(it)}
            for it in standing.databases
        ]
        rest = {"bytes": standing.bytes_in, "free_bytes": standing.free_bytes}
        print(json.dumps({"databases": databases, **rest}))
    else:
        for it in standing.databases:
            print(f"{it.path}  schema {it.schema} of {it.known_schema}  {_log_name(it)}".rstrip())
            if it.problem or it.is_older:
                print(f"  {it.problem or 'will be copied beside itself and migrated when opened'}")
        for name, size in standing.bytes_in.items():
            print(f"{size / 2**20:12.1f} MiB  {name}")
        print(f"{standing.free_bytes / 2**20:12.1f} MiB  free")
    if any(it.problem for it in standing.databases):
        raise typer.Exit(1)


def migrate(data: Data = None, as_json: AsJson = False) -> None:
    """Bring every room's file up to this version; each old one stays beside the new one.

    Serving does the same to each room that it opens.
    """
    from workspace.operations.standing import standing_of

    folder = require_folder(data or default_data_folder())
    older = [it for it in standing_of(folder).databases if it.is_older and "/" in it.path]
    rooms = [Path(it.path).parent.name for it in older]
    for room_id in rooms:
        asyncio.run(_open(folder, room_id))
    if as_json:
        print(json.dumps({"migrated": rooms}))
    else:
        print("\n".join(f"Migrated {it}." for it in rooms) or "Every room is up to date.")


async def _open(folder: Path, room_id: str) -> None:
    from sessions.lobby import Lobby

    lobby = Lobby(rooms_in(folder))
    try:
        await lobby.open(room_id)
    finally:
        await lobby.close()


def _log_name(database: "DatabaseStanding") -> str:
    """Return what the logs call a room."""
    is_room = database.path.startswith("rooms/")
    return room_code(Path(database.path).parent.name) if is_room else ""
