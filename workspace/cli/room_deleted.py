"""`commissure room deleted` and `commissure room restore`: what owners deleted, and back again."""

import json
from pathlib import Path
from typing import Annotated

import typer

from workspace.cli.one_room import folder_of

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register_deleted(room: typer.Typer) -> None:
    """Add the verbs."""
    room.command("deleted")(deleted)
    room.command("restore")(restore)


def deleted(data: Data = None, as_json: AsJson = False) -> None:
    """List the rooms that their owners deleted, the last deleted first."""
    from workspace.operations.deleted_rooms import deleted_places, room_of, set_aside_at

    rows = [
        {"room": room_of(it), "deleted_at": set_aside_at(it).isoformat()}
        for it in deleted_places(folder_of(data))
    ]
    if as_json:
        print(json.dumps({"deleted": rows}))
    elif rows:
        print("\n".join(f"{it['room']}  {it['deleted_at'][:19]}" for it in rows))
    else:
        print("No room was deleted.")


def restore(
    room_id: Annotated[str, typer.Argument(help="Id of the room, see `room deleted`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Bring a deleted room back, with its links and members, as it was."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note
    from workspace.operations.deleted_rooms import bring_back

    bring_back(folder_of(data), room_id)
    note(folder_of(data), Kind.IMPORTED, room_id, action="brought_back")
    print(json.dumps({"room": room_id}) if as_json else f"Room {room_id} is back.")
