"""From the plan view to the rows that panels draw: numbers become text here, once for everybody."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sessions.plan.view import View
from sessions.protocol import Activity
from workspace.binders.room_rows import room_state

Row = dict[str, Any]

OWNER_LETTERS: Final = {"A": "A", "B": "B", "shared": "S", "undecided": ""}
MOVED_ABOVE_MM: Final = 0.005
"""Displacements are shown with two decimals; less than half of the last one is none."""


def panel_state(view: View, activity: Iterable[Activity], revision: int) -> dict[str, Any]:
    """Return the state of all panels, by key."""
    case = view["case"]["case"]
    return {
        "casefile": _case(case),
        "solids": _solids(view),
        "cuts": [_cut(view, cut) for cut in view["cuts"].values()],
        "measurements": [_measurement(row) for row in view["measurements"].values()],
        "notes": [_note(row) for row in view["notes"].values()],
        "members": [_member(row) for row in view["members"].values()],
        "activity": [_activity(view, item) for item in activity][::-1],
        "revision": revision,
        "provenance": _provenance(view, case),
        **room_state(view),
    }


def _case(case: Mapping[str, Any]) -> Row:
    source = case["source"]
    if source is None:
        return {"title": case["title"] or "New case", "facts": [], "warnings": []}
    facts = [
        ("Modality", source["modality"]),
        ("Series", source["description"] or "no description"),
        ("Acquired", source["acquired_on"] or "date not given"),
        ("Voxel", f"{_times(source['spacing_mm'])} mm"),
        ("Slice thickness", _thickness(source["slice_thickness_mm"])),
        ("Frame", "LPS, mm, as scanned"),
    ]
    return {
        "title": case["title"],
        "facts": [{"label": label, "value": value} for label, value in facts],
        "warnings": [message for _, message in source["warnings"]],
    }


def _thickness(value: float | None) -> str:
    return "not given" if value is None else f"{value:g} mm"


def _times(values: Iterable[float]) -> str:
    return " × ".join(f"{value:.4g}" for value in values)  # noqa: RUF001  # a dimension


def _solids(view: View) -> list[Row]:
    """Return segments, each followed by its fragments, in the order of a tree read from the top."""
    children: dict[str, list[Mapping[str, Any]]] = {}
    for fragment in view["fragments"].values():
        children.setdefault(fragment["parent_id"], []).append(fragment)
    rows: list[Row] = []

    def walk(solid_id: str, record: Mapping[str, Any], depth: int) -> None:
        rows.append(_solid(solid_id, record, depth))
        for fragment in sorted(children.get(solid_id, ()), key=lambda child: str(child["name"])):
            walk(fragment["fragment_id"], fragment, depth + 1)

    for segment_id, segment in view["segments"].items():
        walk(segment_id, segment, 0)
    return rows


def _solid(solid_id: str, record: Mapping[str, Any], depth: int) -> Row:
    surface = record["surface"]
    red, green, blue = record["colour"]
    return {
        "id": solid_id,
        "name": record["name"],
        "depth": depth,
        "leaf": record["leaf"],
        "fragment": "fragment_id" in record,
        "colour": f"rgb({red},{green},{blue})",
        "owner": OWNER_LETTERS[record["owner"]],
        "opacity": record["opacity"],
        "volume": f"{surface['volume_ml']:.1f}",
        "area": f"{surface['area_cm2']:.1f} cm²",
        "triangles": f"{surface['triangles']:,}",
        "parts": surface["parts"],
        "closed": surface["watertight"],
        "error": f"p95 {surface['error_p95_mm']:.2f} mm, max {surface['error_max_mm']:.2f} mm",
        "moved": _moved(record),
        "made": _made(record),
        "made_by": _made_by(record),
    }


def _moved(record: Mapping[str, Any]) -> str:
    if "fragment_id" not in record:
        return ""
    distance = sum(value**2 for value in record["moved_mm"]) ** 0.5
    if distance < MOVED_ABOVE_MM and record["moved_deg"] < MOVED_ABOVE_MM:
        return ""
    return f"{distance:.1f} mm · {record['moved_deg']:.1f}°"


def _made(record: Mapping[str, Any]) -> str:
    if "provenance" not in record:
        return ""
    provenance = record["provenance"]
    keys = ", ".join(f"{key} {_plain(value)}" for key, value in provenance["parameters"].items())
    return f"{provenance['engine']} {provenance['version']}" + (f" · {keys}" if keys else "")


def _made_by(record: Mapping[str, Any]) -> str:
    """Return who made a segment and when: somebody has to answer for it."""
    if "provenance" not in record:
        return ""
    provenance = record["provenance"]
    return f"{provenance['author']} · {provenance['created_at'][:10]}, " + _clock_time(
        provenance["created_at"]
    )


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cut(view: View, cut: Mapping[str, Any]) -> Row:
    target = view["segments"].get(cut["target_id"]) or view["fragments"].get(cut["target_id"])
    author = view["members"].get(cut["author_id"], {})
    return {
        "id": cut["cut_id"],
        "name": cut["name"],
        "target": target["name"] if target else "",
        "applied": cut["applied"],
        "author": cut["author_name"],
        "colour": author.get("colour", "#93a0b4"),
    }


def _measurement(row: Mapping[str, Any]) -> Row:
    return {
        "id": row["measurement_id"],
        "name": row["name"],
        "length": f"{row['length_mm']:.1f}",
        "author": row["author_name"],
        "author_id": row["author_id"],
        "colour": row["colour"],
    }


def _note(row: Mapping[str, Any]) -> Row:
    return {
        "id": row["note_id"],
        "text": row["text"],
        "author": row["author_name"],
        "author_id": row["author_id"],
        "colour": row["colour"],
        "at": _clock_time(row["created_at"]),
    }


def _member(row: Mapping[str, Any]) -> Row:
    words = str(row["name"]).split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    return {
        "id": row["member_id"],
        "name": row["name"],
        "role": row["role"],
        "colour": row["colour"],
        "initials": initials,
        "dismissed": row["dismissed"],
    }


def _activity(view: View, item: Activity) -> Row:
    member = view["members"].get(item.member_id)
    return {
        "revision": item.revision,
        "who": member["name"] if member else "Commissure",
        "colour": member["colour"] if member else "#93a0b4",
        "summary": item.summary,
        "at": _clock_time(item.at),
    }


def _clock_time(at: str) -> str:
    """Return hours and minutes (UTC) of an ISO 8601 time."""
    return f"{at[11:16]} UTC" if len(at) > len("2026-01-01T00:00") else at


def _provenance(view: View, case: Mapping[str, Any]) -> list[str]:
    """Return the parts of the line at the foot of the page."""
    parts = []
    source = case["source"]
    if source is not None:
        date = f" · {source['acquired_on']}" if source["acquired_on"] else ""
        parts.append(f"{source['modality']} {source['description']}{date}".strip())
        parts.append(f"{_times(source['spacing_mm'])} mm")
    parts.extend(
        f"{segment['name']}: {_threshold(segment)}" for segment in view["segments"].values()
    )
    return parts


def _threshold(segment: Mapping[str, Any]) -> str:
    """Return the engine, and where it has one the grey value that a surface lies at."""
    provenance = segment["provenance"]
    lower = provenance["parameters"].get("lower_hu")
    return str(provenance["engine"]) + (f" {_plain(lower)}" if lower is not None else "")
