"""Rows about segments and their fragments, in the order of a tree read from the top."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sessions.plan.view import View
from workspace.binders.anatomy_colours import hex_of
from workspace.binders.figures import figure, plain
from workspace.binders.rows import SolidRow

MOVED_ABOVE_MM: Final = 0.005
"""Displacements are shown with two decimals; less than half of the last one is none."""

STATUS_AT_FIRST: Final = "in_progress"
"""Of a segment whose plan says nothing: it was made, and nobody has called it done."""


def solid_rows(view: View) -> tuple[SolidRow, ...]:
    """Return segments, each followed by its fragments."""
    children: dict[str, list[Mapping[str, Any]]] = {}
    for fragment in view["fragments"].values():
        children.setdefault(fragment["parent_id"], []).append(fragment)

    def walk(
        solid_id: str, record: Mapping[str, Any], root: Mapping[str, Any], depth: int
    ) -> Iterator[SolidRow]:
        yield _solid(solid_id, record, root, depth)
        for piece in sorted(children.get(solid_id, ()), key=lambda child: str(child["name"])):
            yield from walk(piece["fragment_id"], piece, root, depth + 1)

    return tuple(
        row
        for segment_id, segment in view["segments"].items()
        for row in walk(segment_id, segment, segment, 0)
    )


def _solid(
    solid_id: str, record: Mapping[str, Any], root: Mapping[str, Any], depth: int
) -> SolidRow:
    """Return one row; a fragment has owner, group, status and making of its segment."""
    surface = record["surface"]
    fragment = "fragment_id" in record
    return SolidRow(
        id=solid_id,
        kind="fragment" if fragment else "segment",
        name=record["name"],
        depth=depth,
        parent_id=record.get("parent_id", ""),
        leaf=record["leaf"],
        fragment=fragment,
        colour=hex_of(record["colour"]),
        owner=root["owner"],
        group=root.get("group", ""),
        status=root.get("status", STATUS_AT_FIRST),
        code=root["code"],
        opacity=record["opacity"],
        volume=f"{surface['volume_ml']:.1f}",
        area=f"{surface['area_cm2']:.1f} cm²",
        triangles=f"{surface['triangles']:,}",
        parts=surface["parts"],
        closed=surface["watertight"],
        error_p95=f"{surface['error_p95_mm']:.2f} mm",
        error_max=f"{surface['error_max_mm']:.2f} mm",
        moved=_moved(record) if fragment else "",
        **_making(root["provenance"]),
    )


def _moved(fragment: Mapping[str, Any]) -> str:
    distance = sum(value**2 for value in fragment["moved_mm"]) ** 0.5
    if distance < MOVED_ABOVE_MM and fragment["moved_deg"] < MOVED_ABOVE_MM:
        return ""
    return f"{figure(distance, 'mm')} · {figure(fragment['moved_deg'], 'deg')}"


def _making(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return how a segment was made, by whom and when: somebody has to answer for it."""
    keys = ", ".join(f"{key} {plain(value)}" for key, value in provenance["parameters"].items())
    engine = f"{provenance['engine']} {provenance['version']}"
    return {
        "made": engine + (f" · {keys}" if keys else ""),
        "made_by": provenance["author"],
        "made_at": provenance["created_at"],
    }
