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
    return CaseFacts(
        title=case["title"],
        known=True,
        modality=source["modality"],
        series=source["description"],
        acquired_on=source["acquired_on"],
        voxel=f"{times(source['spacing_mm'])} mm",
        thickness=_thickness(source["slice_thickness_mm"]),
        warnings=tuple(message for _, message in source["warnings"]),
    )


def provenance_line(view: View) -> tuple[str, ...]:
    """Return how each segment was made, for the line at the foot of the page."""
    return tuple(
        f"{segment['name']}: {_threshold(segment)}" for segment in view["segments"].values()
    )


def _thickness(thickness_mm: float | None) -> str:
    """Return how thick the slices are, with every decimal that the images give; or nothing."""
    if thickness_mm is None:
        return ""
    tenths = f"{thickness_mm:.1f}"
    return f"{tenths if float(tenths) == thickness_mm else format(thickness_mm, 'g')} mm"


def _threshold(segment: Mapping[str, Any]) -> str:
    """Return the engine, and where it has one the grey value that a surface lies at."""
    provenance = segment["provenance"]
    lower = provenance["parameters"].get("lower_hu")
    return str(provenance["engine"]) + (f" {plain(lower)}" if lower is not None else "")
