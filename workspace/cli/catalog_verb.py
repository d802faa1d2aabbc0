"""`commissure catalog`: find, remove and bring back the cases of a data folder."""

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workspace.cli.plain_text import plain
from workspace.storage import catalog_in, default_data_folder, require_folder

if TYPE_CHECKING:
    from rich.console import Console

    from imaging.catalog.catalog import Catalog
    from imaging.catalog.records import CatalogedStudy, Page, Query

Data = Annotated[Path | None, typer.Option(help="Folder of cases and rooms.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Names = Annotated[
    bool, typer.Option("--names", help="Show names, ids and dates of birth, not pseudonyms only.")
]
Modality = Annotated[str, typer.Option(help="Only studies with a series of it, such as CT.")]
Since = Annotated[str, typer.Option(help="Earliest study date, YYYY-MM-DD.")]
Until = Annotated[str, typer.Option(help="Latest study date, YYYY-MM-DD.")]
Removed = Annotated[bool, typer.Option("--removed", help="Those that were removed instead.")]
Sorting = Annotated[
    Literal["newest", "oldest", "imported", "case"],
    typer.Option("--order", help="By study date, last import, or pseudonym."),
]
Limit = Annotated[int, typer.Option(help="Studies on a page.")]
Offset = Annotated[int, typer.Option(help="Studies to leave out first.")]
VolumeArgument = Annotated[str, typer.Argument(help="Id of the volume, see `catalog list`.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    catalog = typer.Typer(help="Cases of a data folder: patients by pseudonym, studies, volumes.")
    catalog.command("list")(list_studies)
    catalog.command("search")(search)
    catalog.command("remove")(remove)
    catalog.command("restore")(restore)
    catalog.command("erase")(erase)
    app.add_typer(catalog, name="catalog")


def list_studies(
    *,
    data: Data = None,
    as_json: AsJson = False,
    names: Names = False,
    removed: Removed = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> None:
    """List the studies of the data folder, the newest first."""
    from imaging.catalog.records import Query

    page = _found(data, Query(removed=removed, limit=limit, offset=offset))
    _tell(page, as_json=as_json, names=names)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help="Beginnings of name, id, accession number, description, modality, body part, "
            "date or pseudonym; case and accents do not matter."
        ),
    ],
    *,
    data: Data = None,
    as_json: AsJson = False,
    names: Names = False,
    modality: Modality = "",
    since: Since = "",
    until: Until = "",
    order: Sorting = "newest",
    limit: Limit = 50,
    offset: Offset = 0,
) -> None:
    """List the studies in which all words are found."""
    from imaging.catalog.records import Query

    query = Query(
        text=" ".join(words),
        modality=modality,
        since=since,
        until=until,
        order=order,
        limit=limit,
        offset=offset,
    )
    _tell(_found(data, query), as_json=as_json, names=names)


def remove(volume: VolumeArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Take a volume out of sight; its stored voxels stay until it is erased."""
    with _catalog(data) as catalog:
        catalog.remove(volume, _now())
    _say(
        volume,
        "removed",
        f"Removed; `commissure catalog restore {volume}` undoes it.",
        as_json=as_json,
    )


def restore(volume: VolumeArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Bring a removed volume back."""
    with _catalog(data) as catalog:
        catalog.restore(volume)
    _say(volume, "restored", "Restored.", as_json=as_json)


def erase(volume: VolumeArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Delete a volume, its files and its entry for good, and a patient with the last one."""
    from imaging.image_archive import ImageArchive

    with _catalog(data):  # refuses a data folder without one
        pass
    files = ImageArchive(_path(data).parent).erase(volume)
    if as_json:
        print(json.dumps({"volume": volume, "state": "erased", "files": files}))
    else:
        print(f"Erased, with {files} files that nothing else came from.")


def _found(data: Path | None, query: "Query") -> "Page":
    """Return what is found; nothing, where nothing was recorded yet."""
    from imaging.catalog.records import Page

    if not _path(data).exists():
        return Page(0, ())
    with _catalog(data) as catalog:
        return catalog.search(query)


def _tell(page: "Page", *, as_json: bool, names: bool) -> None:
    from imaging.catalog.documents import document_of, identifying

    if not as_json:
        print_page(page, names=names)
        return
    studies = [document_of(it) | (identifying(it) if names else {}) for it in page.studies]
    told = {"total": page.total, "studies": studies}
    print(json.dumps(told, ensure_ascii=False, indent=1))


def print_page(page: "Page", *, names: bool) -> None:
    """Print studies for people: a table, and what must be known before using one."""
    from rich.console import Console
    from rich.table import Column, Table

    console = Console(highlight=False, markup=False)
    if not page.studies:
        console.print("No case is found.")
        return
    whose = ["Name", "Id"] if names else []
    table = Table("Case", *whose, "Date", "Study", "Series", Column("Volume", overflow="fold"))
    for study in page.studies:
        who = [plain(study.patient.name), plain(study.patient.patient_id)] if names else []
        for series in study.series:
            what = f"{series.modality} {series.body_part} {series.description}"
            for volume in series.volumes:
                table.add_row(
                    study.patient.pseudonym,
                    *who,
                    plain(study.study_date),
                    plain(study.description),
                    plain(what),
                    volume.facts.volume_id,
                )
    console.print(table)
    for study in page.studies:
        _print_notes(console, study)
    if page.total > len(page.studies):
        console.print(f"{len(page.studies)} of {page.total} studies; see --limit and --offset")


def _print_notes(console: "Console", study: "CatalogedStudy") -> None:
    who = study.patient.pseudonym
    for subject in study.subjects:
        known = ", ".join(sorted({placed.frame.basis for placed in subject.frames})) or "none"
        console.print(f"{who}: subject {subject.label}, anatomical frame: {known}")
    for link in study.links:
        kind = "the group" if link.relation == "group" else "a single subject"
        console.print(f"{who}: see also {link.pseudonym}, {kind}")
    for code, message in study.warnings:
        console.print(f"{who}: {message} ({code})")


def _say(volume: str, became: str, sentence: str, *, as_json: bool) -> None:
    print(json.dumps({"volume": volume, "state": became}) if as_json else sentence)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _path(data: Path | None) -> Path:
    return catalog_in(require_folder(data or default_data_folder()))


@contextlib.contextmanager
def _catalog(data: Path | None) -> "Iterator[Catalog]":
    """Open the catalogue for the length of the block.

    Raises
    ------
    CatalogError
        There is none.
    """
    from imaging.catalog.catalog import Catalog
    from imaging.errors import CatalogError

    path = _path(data)
    if not path.exists():
        raise CatalogError(
            "there is no catalogue in the data folder; name another with --data", "no_catalog"
        )
    with Catalog(path) as catalog:
        yield catalog
