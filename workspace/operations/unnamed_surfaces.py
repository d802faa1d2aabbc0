"""Surfaces that nothing names: marked at first, deleted when they are still unnamed much later.

It is safe while servers run. A surface that is put again is touched, so it is too fresh to go; it
is renamed before it is deleted, and looked at once more: whoever puts it after the renaming finds
it missing and writes it anew, whoever did so before has left a fresher time on it.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from workspace.blobs import SHA256
from workspace.errors import RetentionError
from workspace.operations.backing_up import maintenance
from workspace.operations.content import files_of, is_database
from workspace.operations.named_blobs import named_in
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.storage import blobs_in

MARKS: Final = "unnamed.json"
"""In the folder of surfaces: hash -> since when nothing named it."""


def surface_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield what is to be marked, and what was marked long enough ago."""
    days = rules.surfaces.delete_after_days
    if days is None:
        return
    unnamed, marks = unnamed_in(data), _marks(data)
    new = unnamed - marks.keys()
    if new or marks.keys() - unnamed:
        yield Proposal("mark_surfaces", "unnamed", len(new), 0, lambda: _mark(data, now))
    oldest = (now - timedelta(days=days)).isoformat()
    for sha256 in sorted(it for it in unnamed & marks.keys() if marks[it] <= oldest):
        path = blobs_in(data).path(sha256)
        if path.stat().st_mtime <= datetime.fromisoformat(marks[sha256]).timestamp():
            yield Proposal(
                "delete_surface",
                sha256,
                1,
                path.stat().st_size,
                lambda sha256=sha256: sweep(data, sha256),  # type: ignore[misc]
                lambda: maintenance(data, exclusive=True),
            )


def unnamed_in(data: Path) -> set[str]:
    """Return the surfaces that no database of the data folder names."""
    databases = [data / path for path in files_of(data) if is_database(path)]
    there = {path.name for path in blobs_in(data).folder.glob("[0-9a-f][0-9a-f]/*")}
    return {name for name in there if SHA256.fullmatch(name)} - named_in(databases)


def sweep(data: Path, sha256: str) -> None:
    """Delete a surface and what is derived of it, unless it was put again meanwhile."""
    blobs = blobs_in(data)
    path = blobs.path(sha256)
    aside = path.with_name(f".gone-{sha256}")
    with contextlib.suppress(FileNotFoundError):
        seen = path.stat().st_mtime_ns
        path.rename(aside)
        if aside.stat().st_mtime_ns != seen or _is_named(data, sha256):
            with contextlib.suppress(FileExistsError):
                os.link(aside, path)
        else:
            (blobs.folder / "derived" / f"{sha256}.drc").unlink(missing_ok=True)
        aside.unlink()


def _is_named(data: Path, sha256: str) -> bool:
    databases = (data / path for path in files_of(data) if is_database(path))
    return sha256 in named_in(databases)


def _marks(data: Path) -> dict[str, str]:
    try:
        content = (blobs_in(data).folder / MARKS).read_bytes()
        return msgspec.json.decode(content, type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise RetentionError(f"{MARKS} cannot be read; delete it to begin anew") from error


def _mark(data: Path, now: datetime) -> None:
    """Mark what is unnamed now, and forget the marks of what is named again or gone."""
    marks = _marks(data)
    kept = {it: marks.get(it, now.astimezone(UTC).isoformat()) for it in unnamed_in(data)}
    path = blobs_in(data).folder / MARKS
    partial = path.with_suffix(".partial")
    partial.write_bytes(msgspec.json.encode(kept))
    partial.replace(path)
