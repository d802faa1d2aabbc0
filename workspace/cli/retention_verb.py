"""`commissure retention`: what a data folder need not keep any more, listed first, then done."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from workspace.storage import default_data_folder, require_folder

if TYPE_CHECKING:
    from workspace.operations.proposals import Proposal
    from workspace.operations.retaining import Done

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    retention = typer.Typer(help="Keep what retention.toml says; without it, everything.")
    retention.command("show")(show)
    retention.command("apply")(apply)
    app.add_typer(retention, name="retention")


def show(data: Data = None, as_json: AsJson = False) -> None:
    """Show the rules, and what they would lead to now; nothing is changed."""
    from workspace.operations.retaining import proposals
    from workspace.operations.retention_rules import rules_of

    folder = require_folder(data or default_data_folder())
    rules = rules_of(folder)
    listed = proposals(folder, rules, datetime.now(UTC))
    if as_json:
        document = {"rules": msgspec.to_builtins(rules), "proposed": [_row(it) for it in listed]}
        print(json.dumps(document))
        return
    for name, rule in msgspec.to_builtins(rules).items():
        for key, days in rule.items():
            print(f"{name}.{key}: {'never' if days is None else days}")
    _print(listed, "Would")


def apply(
    data: Data = None,
    dry_run: Annotated[bool, typer.Option(help="Only list what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Do what the rules lead to; each thing is on the audit trail before it is done."""
    from workspace.operations.retaining import carry_out, proposals
    from workspace.operations.retention_rules import rules_of

    folder = require_folder(data or default_data_folder())
    listed = proposals(folder, rules_of(folder), datetime.now(UTC))
    done = () if dry_run else carry_out(listed, lambda it: _note(folder, it))
    if as_json:
        rows = [{**_row(it.proposal), "hindrance": it.hindrance} for it in done]
        print(json.dumps({"proposed": [_row(it) for it in listed], "done": rows}))
    elif dry_run:
        _print(listed, "Would")
    else:
        _print_done(done)


def _note(folder: Path, proposal: "Proposal") -> None:
    from sessions.audit.records import Kind, Reference
    from workspace.audit.operating import note

    about = Reference(kind=proposal.kind, id=proposal.what)
    note(folder, Kind.RETENTION_APPLIED, action=proposal.kind, object=about)
    if proposal.kind == "archive_room":
        note(folder, Kind.ROOM_REMOVED, proposal.room_id, action=proposal.kind)


def _row(proposal: "Proposal") -> dict[str, str | int]:
    return {
        "kind": proposal.kind,
        "what": proposal.what,
        "count": proposal.count,
        "bytes": proposal.size,
    }


def _print(listed: "Sequence[Proposal]", verb: str) -> None:
    for it in listed:
        size = f", {it.size / 2**20:.1f} MiB" if it.size else ""
        print(f"{verb} {it.kind.replace('_', ' ')}: {it.what} ({it.count}{size})")
    if not listed:
        print("Nothing to do.")


def _print_done(done: "Sequence[Done]") -> None:
    _print([it.proposal for it in done if not it.hindrance], "Did")
    for it in done:
        if it.hindrance:
            print(f"Left {it.proposal.what} alone: {it.hindrance}")
