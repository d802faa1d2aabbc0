"""`commissure audit`: list, check and export who opened, saw, changed and took out what."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sessions.audit.reading import Wanted, read_trail
from sessions.audit.records import Kind, code_of
from sessions.audit.trail import FILE_NAME
from workspace.storage import default_data_folder, require_folder

if TYPE_CHECKING:
    from sessions.audit.records import AuditEntry

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Room = Annotated[str | None, typer.Option(help="Only what happened in this room.")]
Since = Annotated[str | None, typer.Option(help="Only from this day or time on, UTC, ISO 8601.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only entries of this kind.")]

MAX_SOURCE: Final = 64


def register(app: typer.Typer) -> None:
    """Add the verb."""
    audit = typer.Typer(help="The audit trail of a data folder, also of one that is being served.")
    audit.command("list")(list_entries)
    audit.command("verify")(verify)
    audit.command("export")(export)
    app.add_typer(audit, name="audit")


def list_entries(
    room: Room = None,
    since: Since = None,
    kind: OfKind = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List entries, oldest first; each is checked on the way."""
    entries = read_trail(_trail(data), Wanted(room_id=room, since_ms=_ms(since), kind=kind))
    if as_json:
        _print_json(entries)
        return
    for entry in entries:
        print(_line(entry))


def verify(data: Data = None, as_json: AsJson = False) -> None:
    """Check every entry of the trail, and that it and the rooms' logs vouch for each other."""
    from sessions.errors import AuditError, DamagedAuditError
    from workspace.audit.verifying import verify_all

    try:
        checked = verify_all(_folder(data))
    except AuditError as error:
        if as_json:
            first_bad = error.sequence if isinstance(error, DamagedAuditError) else None
            print(json.dumps({"whole": False, "first_bad": first_bad}))
        raise
    head, rooms = checked
    if as_json:
        told = {
            room_id: {"audited_from": it.since, "awaiting_audit": it.waiting}
            for room_id, it in rooms.items()
        }
        document = {"whole": True, "entries": head.sequence, "head": head.hash, "rooms": told}
        print(json.dumps(document))
        return
    print(f"{head.sequence} entries, chain whole, head {head.hash}")
    for room_id, it in rooms.items():
        waiting = f", {it.waiting} latest changes not noted yet" if it.waiting else ""
        since = "never audited" if it.since is None else f"agrees from revision {it.since} on"
        print(f"Room {room_id}: {since}{waiting}")


def export(
    out: Annotated[Path, typer.Option(help="File to write.")],
    form: Annotated[
        str, typer.Option("--format", help="dicom, syslog, fhir, jsonl or csv.")
    ] = "jsonl",
    room: Room = None,
    since: Since = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write entries as DICOM audit messages, FHIR AuditEvents, JSON lines or a table.

    The export is audited itself, and is its own last entry.
    """
    from sessions.audit.records import Reference
    from workspace.audit.exporting import FORMS, write_export
    from workspace.audit.operating import note
    from workspace.errors import MisuseError

    if form not in FORMS:
        raise MisuseError(f"there is no form {form}; choose one of {', '.join(FORMS)}")
    wanted = Wanted(room_id=room, since_ms=_ms(since))
    path = _trail(data)
    if not out.absolute().parent.is_dir():
        raise MisuseError(f"there is no folder {out.absolute().parent}; make it first")
    note(path.parent, Kind.AUDIT_EXPORTED, room or "", action=form, object=Reference(kind="trail"))
    count = write_export(read_trail(path, wanted), form, out, _source())
    if as_json:
        print(json.dumps({"out": str(out), "format": form, "entries": count}))
    else:
        print(f"Wrote {out}: {count} entries")


def _trail(data: Path | None) -> Path:
    """Return the file of the trail, which there must be."""
    from sessions.errors import AuditError

    folder = _folder(data)
    path = folder / FILE_NAME
    if not path.is_file():
        raise AuditError(
            f"there is no audit trail in {folder} yet; it begins with the first `commissure serve`"
        )
    return path


def _folder(data: Path | None) -> Path:
    return require_folder(data or default_data_folder())


def _ms(since: str | None) -> int | None:
    """Return a day or time as the trail counts it."""
    from workspace.errors import MisuseError

    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise MisuseError(
            "--since takes a day or a time, for example 2026-01-31 or 2026-01-31T08:00"
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _source() -> str:
    """Return the name of this machine, by which a hospital tells its systems apart."""
    return code_of(socket.gethostname()[:MAX_SOURCE]) or "commissure"


def _line(entry: "AuditEntry") -> str:
    from workspace.audit.tables import cells_of

    sequence, time, kind, outcome, account, member, role, address, room, *what = cells_of(entry)
    action, object_kind, object_id, revision, _, reason, count, _ = what
    who = " ".join(it for it in (account or member, role) if it) or "-"
    named = " ".join(it for it in (object_kind, object_id) if it)
    told = [action, named, f"at revision {revision}" if revision else "", reason]
    told += [f"x{count}" if count != "1" else "", "" if outcome == "success" else outcome]
    rest = ", ".join(it for it in told if it)
    return f"{sequence:>7} {time} {kind:21} {who:28} {address or '-':15} {room or '-':12} {rest}"


def _print_json(entries: "Iterator[AuditEntry]") -> None:
    """Print one document, entry by entry; where the trail is damaged, it says from where on."""
    from sessions.errors import DamagedAuditError
    from workspace.audit.tables import COLUMNS, cells_of

    print('{"entries": [', end="")
    before, damage = "", None
    try:
        for entry in entries:
            print(before + json.dumps(dict(zip(COLUMNS, cells_of(entry), strict=True))), end="")
            before = ",\n"
    except DamagedAuditError as error:
        damage = error
    print(f'], "damaged_at": {json.dumps(None if damage is None else damage.sequence)}}}')
    if damage is not None:
        raise damage
