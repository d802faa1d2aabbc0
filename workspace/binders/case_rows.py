"""What the page always says of the case: what it was made from, and how."""

from collections.abc import Mapping
from typing import Any

from sessions.plan.view import View
from workspace.binders.figures import plain, times
from workspace.binders.rows import CaseFacts


def case_facts(view: View) -> CaseFacts:
    """Return what the images say of themselves."""
    case = view["case"]["case"]
    source = case["source"]
    if source is None:
        return CaseFacts(title=case["title"])
    thickness = source["slice_thickness_mm"]
    return CaseFacts(
        title=case["title"],
        known=True,
        modality=source["modality"],
        series=source["description"],
        acquired_on=source["acquired_on"],
        voxel=f"{times(source['spacing_mm'])} mm",
        thickness="" if thickness is None else f"{thickness:g} mm",
        warnings=tuple(message for _, message in source["warnings"]),
    )


def provenance_line(view: View) -> tuple[str, ...]:
    """Return the parts of the line at the foot of the page."""
    source = view["case"]["case"]["source"]
    parts: list[str] = []
    if source is not None:
        date = f" · {source['acquired_on']}" if source["acquired_on"] else ""
        parts.append(f"{source['modality']} {source['description']}{date}".strip())
        parts.append(f"{times(source['spacing_mm'])} mm")
    parts.extend(
        f"{segment['name']}: {_threshold(segment)}" for segment in view["segments"].values()
    )
    return tuple(parts)


def _threshold(segment: Mapping[str, Any]) -> str:
    """Return the engine, and where it has one the grey value that a surface lies at."""
    provenance = segment["provenance"]
    lower = provenance["parameters"].get("lower_hu")
    return str(provenance["engine"]) + (f" {plain(lower)}" if lower is not None else "")
