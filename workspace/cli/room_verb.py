"""`commissure room`: make, list, invite to, verify, replay, export and import rooms."""

import json
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from workspace.cli.one_room import folder_of, with_room
from workspace.cli.plain_text import plain
from workspace.cli.room_deleted import register_deleted
from workspace.cli.room_invitations import register_invitations
from workspace.storage import blobs_in, rooms_in

if TYPE_CHECKING:
    from sessions.plan.events import Entry
    from sessions.room import Room

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
RoomArgument = Annotated[str, typer.Argument(help="Id of the room, see `room list`.")]

TITLE_WITHIN: Final = 100
"""Entries among which the case is opened: a list must not read long logs."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    room = typer.Typer(help="Rooms of a data folder, also of one that is being served.")
    room.command("list")(list_rooms)
    room.command("create")(create)
    register_invitations(room)
    register_deleted(room)
    room.command("verify")(verify)
    room.command("replay")(replay)
    room.command("export")(export)
    room.command("import")(import_room)
    app.add_typer(room, name="room")


def list_rooms(data: Data = None, as_json: AsJson = False) -> None:
    """List the rooms of the data folder: id and title."""
    from sessions.lobby import Lobby

    lobby = Lobby(rooms_in(folder_of(data)))
    titles = {room_id: _title_in(lobby.folder_of(room_id)) for room_id in lobby.room_ids()}
    if as_json:
        print(json.dumps({"rooms": list(titles), "titles": titles}))
    elif titles:
        print("\n".join(f"{room_id}  {plain(it)}".rstrip() for room_id, it in titles.items()))
    else:
        print("No room yet; `commissure open PATH` or `commissure demo` makes one.")


def create(
    room_id: Annotated[str, typer.Argument(help="Letters, digits, hyphens.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make an empty room."""
    with_room(data, room_id, _nothing, new=True)
    print(json.dumps({"room": room_id}) if as_json else f"Made room {room_id}.")


def verify(room_id: RoomArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Check the room's log and the audit trail, entry by entry, and one against the other."""
    from sessions.errors import DamagedAuditError, DamagedLogError
    from workspace.audit.verifying import verify_room

    _require_room(data, room_id)
    try:
        entries, vouched = verify_room(folder_of(data), room_id)
    except (DamagedLogError, DamagedAuditError) as error:
        if as_json:
            in_log = isinstance(error, DamagedLogError)
            first_bad = error.revision if isinstance(error, DamagedLogError) else error.sequence
            where = "log" if in_log else "audit trail"
            found = {"room": room_id, "whole": False, "damaged": where, "first_bad": first_bad}
            print(json.dumps(found))
        raise
    state_hash = _state_hash(entries)
    if as_json:
        told = {"room": room_id, "revision": len(entries), "state_hash": state_hash, "whole": True}
        audited = {"audited_from": vouched.since, "awaiting_audit": vouched.waiting}
        print(json.dumps(told | audited))
        return
    print(f"Room {room_id}: {len(entries)} entries, chain whole, state {state_hash}")
    if vouched.since is None:
        print("The audit trail does not know this room: it was never served.")
    else:
        waiting = f", {vouched.waiting} not noted yet" if vouched.waiting else ""
        print(f"The audit trail agrees from revision {vouched.since} on{waiting}.")


def replay(room_id: RoomArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Print what happened, entry by entry, and the state that it adds up to."""
    from sessions.state import State, advance

    entries = _log(data, room_id)
    state, rows = State(), []
    for entry in entries:
        step = advance(state, entry)
        state = step.state
        rows.append(step.activity)
    state_hash = _state_hash(entries)
    if as_json:
        told = [msgspec.to_builtins(row) for row in rows]
        print(json.dumps({"room": room_id, "state_hash": state_hash, "entries": told}))
        return
    for row in rows:
        print(f"{row.revision:6} {row.at} {row.member_id:18} {row.summary}")
    print(f"state {state_hash}")


def export(
    room_id: RoomArgument,
    out: Annotated[Path, typer.Option(help="File to write, for example room.commissure.")],
    data: Data = None,
    deidentified: Annotated[
        bool,
        typer.Option(
            "--de-identified",
            help="Without names, ids, dates and texts; surfaces stay, and may show a face.",
        ),
    ] = False,
    keep_texts: Annotated[
        bool,
        typer.Option("--keep-texts", help="De-identified, but with what members wrote."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the whole room as one file that opens again elsewhere."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note
    from workspace.errors import BundleError
    from workspace.export.bundle import require_bundle_path, write_bundle
    from workspace.export.deidentified import without_names

    if keep_texts and not deidentified:
        raise BundleError("--keep-texts goes with --de-identified; a whole room keeps its texts")
    require_bundle_path(out)
    entries = _log(data, room_id)
    if deidentified:
        entries = without_names(entries, keep_texts=keep_texts)
        if keep_texts:
            print("commissure: texts were kept, and may name people; read them", file=sys.stderr)
    action = "deidentified_bundle" if deidentified else "bundle"
    note(folder_of(data), Kind.EXPORTED, room_id, action=action)
    write_bundle(out, entries, blobs_in(folder_of(data)))
    state_hash = _state_hash(entries)
    if as_json:
        print(json.dumps({"room": room_id, "out": str(out), "state_hash": state_hash}))
    else:
        print(f"Wrote {out}; state {state_hash}")


def import_room(
    bundle: Annotated[Path, typer.Argument(help="A .commissure file.")],
    room_id: Annotated[
        str | None, typer.Option("--as", help="Id of the room here; default: the file's name.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Open a bundle as a room of this data folder, to an equal state."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note
    from workspace.export.bundle_rooms import import_bundle

    name, state_hash = import_bundle(bundle, folder_of(data), room_id)
    note(folder_of(data), Kind.IMPORTED, name, action="bundle")
    if as_json:
        print(json.dumps({"room": name, "state_hash": state_hash}))
    else:
        print(f"Room {name}, state {state_hash}; `commissure serve` opens it.")


def _log(data: Path | None, room_id: str) -> "tuple[Entry, ...]":
    """Return the log of a room, which may be open in a server."""
    from sessions.sqlite_log import read_log

    return read_log(_require_room(data, room_id))


def _title_in(folder: Path) -> str:
    """Return a room's title; of one without a case, or that cannot be read, nothing."""
    from sessions.errors import SessionError
    from sessions.plan.events import CaseOpened
    from sessions.sqlite_log import iterate_log

    try:
        for entry in islice(iterate_log(folder), TITLE_WITHIN):
            for event in entry.events:
                if isinstance(event, CaseOpened):
                    return event.title
    except SessionError:
        pass  # `room verify` says what is wrong with it
    return ""


def _require_room(data: Path | None, room_id: str) -> Path:
    """Return the folder of a room that there is."""
    from sessions.errors import RoomError
    from sessions.lobby import Lobby

    lobby = Lobby(rooms_in(folder_of(data)))
    folder = lobby.folder_of(room_id)
    if room_id not in lobby.room_ids():
        raise RoomError(
            f"there is no room {room_id} here; `commissure room list` shows those there are"
        )
    return folder


def _state_hash(entries: "Sequence[Entry]") -> str:
    from sessions.state import hash_of
    from sessions.state import replay as replayed

    return hash_of(replayed(entries))


async def _nothing(_: "Room") -> None:
    return None
