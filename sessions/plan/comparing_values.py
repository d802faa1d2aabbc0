"""What two forms of a record differ in: millimetres, degrees, millilitres, words."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from imaging.space import Plane, Vector, distance_mm, dot, scale, subtract
from sessions.plan.anatomy import angle_between_deg, centre_of_bounds, pieces_of, solid_of
from sessions.plan.figures import FigureUnit, Measured, measured
from sessions.plan.records import (
    Anchor,
    Cut,
    Fragment,
    Markup,
    Measurement,
    Note,
    Plan,
    Segment,
    SolidId,
)
from sessions.plan.summaries import length_mm

Unit = FigureUnit

SAME_MM: Final = 0.001
"""A micron: lengths that differ by less differ by how they were computed."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One property of a record, before and after."""

    property: str
    """For example "length", "plane moved", "opacity"."""
    unit: Unit = ""
    before: float | str | None = None
    after: float | str | None = None
    """None on both sides: only the change can be said in a number."""
    change: float | None = None
    """After minus before; of what was moved or turned, by how much."""


def values_of(  # noqa: PLR0911 (one per kind)
    was: Any,  # noqa: ANN401 (a record of any kind, or None)
    now: Any,  # noqa: ANN401
    before: Plan,
    after: Plan,
) -> tuple[Value, ...]:
    """Return what differs between two forms of a record; of one alone, what it measures."""
    match now if was is None else was:
        case Segment():
            return tuple(_segment(was, now))
        case Fragment():
            return tuple(_fragment(was, now))
        case Cut():
            return tuple(_cut(was, now, before, after))
        case Note():
            return tuple(_note(was, now))
        case Measurement():
            return tuple(_measurement(was, now, before, after))
        case Markup():
            return tuple(_markup(was, now, before, after))
        case _:
            return ()


def sentence_of(what: str, name: str, values: tuple[Value, ...]) -> str:
    """Return a difference as people say it."""
    said = "; ".join(_said(value, what) for value in values)
    if what == "changed":
        return f"{name}: {said or 'is written otherwise and means the same'}"
    return f"{name} was {what} ({said})" if said else f"{name} was {what}"


def _segment(was: Segment | None, now: Segment | None) -> Iterator[Value]:
    if was is None or now is None:
        yield from _volume("volume", was, now)
        return
    for name in ("name", "owner", "code", "status", "group"):
        yield from _words(name, getattr(was, name), getattr(now, name))
    yield from _words("colour", _colour(was), _colour(now))
    if was.opacity != now.opacity:
        yield _number("opacity", "", was.opacity, now.opacity)


def _fragment(was: Fragment | None, now: Fragment | None) -> Iterator[Value]:
    if was is None or now is None:
        yield from _volume("volume", was, now)
        return
    yield from _words("name", was.name, now.name)
    if was.transform != now.transform:
        centre = _middle(centre_of_bounds(was), centre_of_bounds(now))
        moved = distance_mm(was.transform.apply(centre), now.transform.apply(centre))
        turned = (now.transform @ was.transform.inverse()).angle_deg
        yield Value(property="moved", unit="mm", change=moved)
        yield Value(property="turned", unit="deg", change=turned)
    if was.surface != now.surface:
        yield from _volume("volume", was, now)


def _cut(was: Cut | None, now: Cut | None, before: Plan, after: Plan) -> Iterator[Value]:
    if was is not None and now is not None:
        yield from _words("name", was.name, now.name)
        yield from _words("on", _target(before, was), _target(after, now))
        yield from _words("state", _state(was), _state(now))
        if was.plane != now.plane:
            yield from _plane(was.plane, now.plane, _centre(was, now, before, after))
    pieces = (was and pieces_of(before, was), now and pieces_of(after, now))
    for number in (0, 1):
        old, new = ((it[number] if it else None) for it in pieces)
        if old is None or new is None or old.surface != new.surface:
            yield from _volume(f"volume of piece {number + 1}", old, new)


def _note(was: Note | None, now: Note | None) -> Iterator[Value]:
    yield from _words("text", was.text if was else None, now.text if now else None)
    if was is not None and now is not None:
        yield from _moved("moved", was.anchor, now.anchor)


def _measurement(
    was: Measurement | None, now: Measurement | None, before: Plan, after: Plan
) -> Iterator[Value]:
    if was is not None and now is not None:
        yield from _words("name", was.name, now.name)
        yield from _moved("start moved", was.start, now.start)
        yield from _moved("end moved", was.end, now.end)
    old = None if was is None else length_mm(before, was)
    new = None if now is None else length_mm(after, now)
    if old is None or new is None or abs(new - old) > SAME_MM:
        yield _number("length", "mm", old, new)


def _markup(was: Markup | None, now: Markup | None, before: Plan, after: Plan) -> Iterator[Value]:
    if was is not None and now is not None:
        yield from _words("name", was.name, now.name)
        if was.points != now.points:
            yield _furthest(was, now)
    text = (was.text if was else None, now.text if now else None)
    if any(text):
        yield from _words("text", *text)
    old = Measured() if was is None else measured(before, was)
    new = Measured() if now is None else measured(after, now)
    yield from _figures(old, new)


def _figures(was: Measured, now: Measured) -> Iterator[Value]:
    """Yield what is measured otherwise; what has yet to be computed on a side is no difference."""
    old, new = ({(it.name, it.unit): it.value for it in side.figures} for side in (was, now))
    known = {*old, *new} if not (was.pending or now.pending) else old.keys() & new.keys()
    for name, unit in (it for it in dict.fromkeys((*old, *new)) if it in known):
        one, other = old.get((name, unit)), new.get((name, unit))
        if one is None or other is None or abs(other - one) > SAME_MM:
            yield _number(name, unit, one, other)


def _furthest(was: Markup, now: Markup) -> Value:
    """Return by how much a point was moved as scanned, at most; or how many there are now."""
    if len(was.points) != len(now.points):
        return _number("points", "", len(was.points), len(now.points))
    pairs = zip(was.points, now.points, strict=True)
    moved = max(distance_mm(a.point_mm, b.point_mm) for a, b in pairs)
    return Value(property="points moved", unit="mm", change=moved)


def _plane(was: Plane, now: Plane, centre: Vector) -> Iterator[Value]:
    """Yield how far the plane's point nearest to the solid's centre moved, and the turn."""
    moved = distance_mm(_foot(was, centre), _foot(now, centre))
    yield Value(property="plane moved", unit="mm", change=moved)
    turned = angle_between_deg(was.normal, now.normal)
    yield Value(property="plane turned", unit="deg", change=turned)


def _foot(plane: Plane, point: Vector) -> Vector:
    return subtract(point, scale(plane.normal, dot(subtract(point, plane.origin), plane.normal)))


def _centre(was: Cut, now: Cut, before: Plan, after: Plan) -> Vector:
    """Return the centre of what the plane goes through; between the two where it differs."""
    solids = (solid_of(before, was.target_id), solid_of(after, now.target_id))
    centres = [centre_of_bounds(it) for it in solids if it is not None]
    if not centres:
        return _middle(was.plane.origin, now.plane.origin)
    return _middle(centres[0], centres[-1])


def _middle(one: Vector, other: Vector) -> Vector:
    return scale((one[0] + other[0], one[1] + other[1], one[2] + other[2]), 0.5)


def _volume(
    name: str, was: Segment | Fragment | None, now: Segment | Fragment | None
) -> Iterator[Value]:
    old, new = (None if it is None else it.surface.volume_ml for it in (was, now))
    if old != new:
        yield _number(name, "mL", old, new)


def _number(name: str, unit: Unit, was: float | None, now: float | None) -> Value:
    change = None if was is None or now is None else now - was
    return Value(property=name, unit=unit, before=was, after=now, change=change)


def _moved(name: str, was: Anchor, now: Anchor) -> Iterator[Value]:
    """Yield how far a point was moved on the anatomy as scanned."""
    if was.point_mm != now.point_mm:
        yield Value(property=name, unit="mm", change=distance_mm(was.point_mm, now.point_mm))


def _words(name: str, was: str | None, now: str | None) -> Iterator[Value]:
    if was != now:
        yield Value(property=name, before=was, after=now)


def _said(value: Value, what: str) -> str:
    if value.before is None and value.after is None:
        return f"{value.property} by {_number_said(value.change or 0.0, value.unit)}"
    was, now = (_form(it, value.unit) for it in (value.before, value.after))
    if value.before is None or value.after is None:
        alone = now if value.before is None else was
        return f"{value.property} {alone}" + ("" if what != "changed" else _side(value))
    return f"{value.property} was {was}, is {now}"


def _side(value: Value) -> str:
    return " is new" if value.before is None else " is gone"


def _form(value: float | str | None, unit: Unit) -> str:
    return f'"{value}"' if isinstance(value, str) else _number_said(value or 0.0, unit)


def _number_said(value: float, unit: Unit) -> str:
    match unit:
        case "":
            return f"{value:g}"
        case "deg":
            return f"{value:.1f}°"
        case _:
            return f"{value:.1f} {unit}"


def _target(plan: Plan, cut: Cut) -> str:
    solid = solid_of(plan, SolidId(cut.target_id))
    return "a solid" if solid is None else solid.name


def _state(cut: Cut) -> str:
    return "cut" if cut.applied else "placed"


def _colour(segment: Segment) -> str:
    red, green, blue = segment.colour
    return f"#{red:02x}{green:02x}{blue:02x}"
