"""`commissure backup`: make, check and restore backups, also while members work."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workspace.cli.progress_bar import progress_bar
from workspace.storage import default_data_folder, require_folder

if TYPE_CHECKING:
    from workspace.operations.manifest import Manifest

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A backup: a .zip or a folder.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    backup = typer.Typer(help="Backups of a data folder, also of one that is being served.")
    backup.command("create")(create)
    backup.command("verify")(verify)
    backup.command("restore")(restore)
    backup.command("restore-room")(restore_one)
    app.add_typer(backup, name="backup")


def create(
    out: Annotated[
        Path,
        typer.Option(
            help="A new .zip, a new folder, or a folder that is there: the name is then the time."
        ),
    ],
    data: Data = None,
    room: Annotated[
        list[str] | None, typer.Option(help="Only this room; may be repeated. Default: everything.")
    ] = None,
    without_credentials: Annotated[
        bool, typer.Option(help="Leave out members' cookies and invitation links.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a backup, each room as it is at one moment; members go on working."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note
    from workspace.operations.backing_up import BackupWish, back_up

    folder = require_folder(data or default_data_folder())
    if out.is_dir():
        out /= f"commissure-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    wish = BackupWish(tuple(room or ()), credentials=not without_credentials)
    with progress_bar() as bar:
        manifest = back_up(folder, out, wish, bar)
    note(folder, Kind.BACKED_UP, action=f"rooms:{len(manifest.rooms)}")
    for damaged in manifest.rooms:
        if damaged.damage:
            print(f"commissure: room {damaged.room_id}: {damaged.damage}", file=sys.stderr)
    if manifest.missing:
        count = len(manifest.missing)
        print(
            f"commissure: {count} surfaces that rooms name are missing or damaged in the data "
            "folder, and so in the backup; restore them from an older one",
            file=sys.stderr,
        )
    _print(manifest, str(out), "Wrote", as_json=as_json)


def verify(file: File, as_json: AsJson = False) -> None:
    """Check every file of a backup, and replay every room to the state that it had."""
    from workspace.operations.restoring import verify_backup

    with progress_bar() as bar:
        manifest = verify_backup(file, bar)
    _print(manifest, str(file), "Whole:", as_json=as_json)


def restore(
    file: File,
    data: Annotated[Path, typer.Option(help="A new or empty folder.")],
    keep_members: Annotated[
        bool,
        typer.Option(help="Let cookies and invitation links of that time work again."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new data folder of a backup; every room comes back to the state that it had."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note
    from workspace.operations.restoring import restore_backup

    with progress_bar() as bar:
        manifest = restore_backup(file, data, bar, keep_members=keep_members)
    note(data, Kind.RESTORED, action=f"rooms:{len(manifest.rooms)}")
    _print(manifest, str(data), "Restored", as_json=as_json)


def restore_one(
    file: File,
    room_id: Annotated[str, typer.Argument(help="Id of the room, see `backup verify`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Replace a damaged room by the one of a backup; the damaged one is set aside."""
    from sessions.audit.records import Kind, Reference
    from workspace.audit.operating import note
    from workspace.operations.restoring_rooms import restore_room

    folder = require_folder(data or default_data_folder())
    with progress_bar() as bar:
        room = restore_room(file, folder, room_id, bar)
    mark = Reference(revision=room.revision, hash=room.head_hash)
    note(folder, Kind.RESTORED, room_id, object=mark)
    if as_json:
        facts = {"revision": room.revision, "state_hash": room.state_hash}
        print(json.dumps({"room": room_id, **facts}))
    else:
        print(f"Room {room_id} is at revision {room.revision}, state {room.state_hash}")


def _print(manifest: "Manifest", what: str, done: str, *, as_json: bool) -> None:
    rooms = [
        {
            "room": room.room_id,
            "revision": room.revision,
            "head_hash": room.head_hash,
            "state_hash": room.state_hash,
            "damage": room.damage,
        }
        for room in manifest.rooms
    ]
    size = sum(file.size for file in manifest.files)
    if as_json:
        about = {"made_at": manifest.made_at, "files": len(manifest.files), "bytes": size}
        print(json.dumps({"path": what, **about, "rooms": rooms, "missing": manifest.missing}))
        return
    print(
        f"{done} {what}: {len(manifest.files)} files, {size / 2**20:.1f} MiB, of {manifest.made_at}"
    )
    for room in manifest.rooms:
        state = f"state {room.state_hash}" if room.state_hash else "DAMAGED"
        print(f"  {room.room_id}  revision {room.revision}, {state}")
