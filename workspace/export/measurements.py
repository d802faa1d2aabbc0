"""What was measured, as a table: a line for each value, in the units that the screen shows."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from imaging.space import Vector
from sessions.plan.records import CaseSource
from sessions.plan.view import View
from workspace.audit.tables import cell

COLUMNS: Final = (
    "kind",
    "id",
    "name",
    "quantity",
    "value",
    "unit",
    "standard_uncertainty",
    "remark",
    "points_lps_mm",
    "author",
    "time",
    "source_modality",
    "source_series",
    "source_date",
)

DECIMALS: Final = 4
"""Of mm a tenth of a micrometre: rounding is never what two tables differ in."""

PENDING: Final = "not computed yet"

Row = Mapping[str, Any]
"""A record as pages show it."""


def measurement_lines(view: View, source: CaseSource | None) -> Iterator[bytes]:
    """Yield a line of names, then one for each value of a branch as it is shown.

    Points are where they are now, each as ``(x y z)``, mm, LPS.
    """
    yield _line(COLUMNS)
    origin = ("", "", "") if source is None else _source(source)
    for cells in _rows(view):
        yield _line((*cells, *origin))


def _rows(view: View) -> Iterator[tuple[str, ...]]:
    for key, markup in view["markups"].items():
        yield from _markup(key, markup)
    for key, line in view["measurements"].items():
        points = _points((line["start_world_mm"], line["end_world_mm"]))
        length = ("length", _number(line["length_mm"]), "mm", "")
        yield ("line", key, cell(line["name"]), *length, "", points, *_made(line))
    for kind, solids in (("segment", view["segments"]), ("fragment", view["fragments"])):
        for key, solid in solids.items():
            yield from _solid(kind, key, solid)


def _markup(key: str, markup: Row) -> Iterator[tuple[str, ...]]:
    """Yield a line for each of its values; one without any still says where it is."""
    points, made = _points(markup["world_points"]), _made(markup)
    remark = cell(PENDING if markup["pending"] else markup["problem"] or markup["text"])
    head = (markup["kind"], key, cell(markup["name"]))
    for value in markup["values"]:
        known = value["uncertainty"]
        spread = "" if known is None else _number(known)
        figures = (value["name"], _number(value["value"]), value["unit"], spread)
        yield (*head, *figures, remark, points, *made)
    if not markup["values"]:
        yield (*head, "", "", "", "", remark, points, *made)


def _solid(kind: str, key: str, solid: Row) -> Iterator[tuple[str, ...]]:
    surface, made = solid["surface"], ("", "")
    if "provenance" in solid:
        made = (cell(solid["provenance"]["author"]), solid["provenance"]["created_at"])
    head = (kind, key, cell(solid["name"]))
    remark = "" if solid["leaf"] else "cut into fragments"
    yield (*head, "volume", _number(surface["volume_ml"]), "mL", "", remark, "", *made)
    yield (*head, "area", _number(surface["area_cm2"]), "cm2", "", remark, "", *made)


def _made(record: Row) -> tuple[str, str]:
    return cell(record["author_name"]), record["created_at"]


def _source(source: CaseSource) -> tuple[str, str, str]:
    return cell(source.modality), cell(source.description), cell(source.acquired_on)


def _points(points: Iterable[Vector]) -> str:
    return " ".join(f"({' '.join(_number(value) for value in point)})" for point in points)


def _number(value: float) -> str:
    """Return a number as it is, its minus sign too: no spreadsheet runs a number."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
