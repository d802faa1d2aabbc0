"""Several volumes in one series: told apart by orientation, by what they show, by when."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.assembling import CORNER_TOLERANCE_MM, DUPLICATE_MM
from imaging.dicom.frame import Frame

SamePixels = Callable[[Frame, Frame], bool]
"""Whether two frames hold the same stored values."""

_AXES_DECIMALS = 6
"""Sums in another order differ far behind these, and stacks long before."""

_UNTOLD: Final = frozenset({"orientation", "AcquisitionTime", "ContentTime", "InstanceNumber"})
"""What has no value worth telling, or one that says when the patient was there."""

Warnings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Frames that may be one volume."""

    frames: tuple[Frame, ...]
    label: str = ""
    """What tells it from the other parts; empty where the series is one volume."""
    warnings: Warnings = ()


def split(frames: Sequence[Frame], same_pixels: SamePixels) -> list[Part]:
    """Return the volumes that one series holds.

    Parameters
    ----------
    frames : sequence of Frame
        Of one series, each with position, orientation and spacing.
    same_pixels : callable
        Asked only of frames that share a place and that nothing in their headers tells apart.

    Returns
    -------
    list of Part
        One for a plain series. Together they hold every frame, except repeated ones, of which a
        warning tells.
    """
    parts = []
    for turned in _by_orientation(Part(tuple(frames))):
        for shown in _by_contrast(turned):
            parts.extend(_by_time(shown, same_pixels))
    return parts


def _by_orientation(part: Part) -> list[Part]:
    """Tell frames apart that are not parallel: localizers in three planes, several stacks."""
    first = part.frames[0]
    spacing = first.pixel_spacing or (1.0, 1.0)
    reach_mm = max(first.pixels.rows * spacing[0], first.pixels.columns * spacing[1])
    axes = np.array([one.orientation for one in part.frames])
    clusters: list[tuple[NDArray[np.float64], list[Frame]]] = []
    for one, own in zip(part.frames, axes, strict=True):
        for middle, members in clusters:
            if np.abs(own - middle).max() * reach_mm <= 2 * CORNER_TOLERANCE_MM:
                members.append(one)
                break
        else:
            clusters.append((own, [one]))
    ordered = sorted((members for _, members in clusters), key=_mean_axes)
    return _parts(part, "orientation", {str(at): it for at, it in enumerate(ordered)})


def _mean_axes(frames: Sequence[Frame]) -> tuple[float, ...]:
    """Return what orders stacks by their orientation, in whatever order their files are read."""
    mean = np.array([one.orientation for one in frames]).mean(axis=0)
    return tuple(np.round(mean, _AXES_DECIMALS).tolist())


def _by_contrast(part: Part) -> list[Part]:
    """Tell frames apart by what their headers say that they show: echoes, kernels, phases.

    A value that changes with nearly every slice is a property of slices, and splits nothing.
    """
    names = [name for name, _ in part.frames[0].contrast]
    columns = list(
        zip(*(tuple(value for _, value in one.contrast) for one in part.frames), strict=True)
    )
    telling, changing = [], []
    for name, column in zip(names, columns, strict=True):
        kinds = len(set(column))
        if 1 < kinds <= len(column) / 2:
            telling.append(name)
        elif kinds > 1:
            changing.append(name)
    parts = [part]
    if telling:
        groups: dict[str, list[Frame]] = defaultdict(list)
        for one in part.frames:
            shown = dict(one.contrast)
            groups["/".join(shown[name] for name in telling)].append(one)
        parts = _parts(part, "+".join(telling), groups)
    if not changing:
        return parts
    note = ("mixed_contrast", f"{' and '.join(changing)} changes from slice to slice")
    return [Part(it.frames, it.label, (*it.warnings, note)) for it in parts]


def _by_time(part: Part, same_pixels: SamePixels) -> list[Part]:
    """Tell frames apart that share a place: by time, or as repetitions of each other."""
    places = _places(part.frames)
    if len(set(places)) == len(places):
        return [part]
    for name, _ in part.frames[0].order:
        groups: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(part.frames):
            groups[dict(one.order)[name]].append(at)
        if name != "InstanceNumber" and _is_split(groups, places):
            return _parts(part, name, _frames(part, groups))
    distinct, dropped = _without_repetitions(part.frames, places, same_pixels)
    if dropped < len(places) - len(set(places)):  # some places hold several different images
        numbered = _by_number(part, places)
        if len(numbered) > 1:  # volumes may share a slice of air
            return numbered
    if not dropped:
        return [part]
    note = (
        "duplicate_dropped",
        f"{dropped} slices that repeat another one, place and pixels, were left out",
    )
    return [Part(distinct, part.label, (*part.warnings, note))]


def _by_number(part: Part, places: Sequence[int]) -> list[Part]:
    """Take the k-th frame of each place, by InstanceNumber, for the k-th volume; say so."""
    numbers = [dict(one.order).get("InstanceNumber", "") for one in part.frames]
    if not all(number.lstrip("-").isdigit() for number in numbers):
        return [part]
    if len({int(number) for number in numbers}) < len(numbers):
        return [part]
    seen: dict[int, int] = defaultdict(int)
    groups: dict[str, list[int]] = defaultdict(list)
    for at in sorted(range(len(numbers)), key=lambda at: int(numbers[at])):
        groups[str(seen[places[at]])].append(at)
        seen[places[at]] += 1
    if not _is_split(groups, places) or len({len(group) for group in groups.values()}) > 1:
        return [part]
    message = (
        f"{len(groups)} slices lie in each place and only InstanceNumber tells them apart: "
        "check which volume is which"
    )
    note = ("split_by_number", message)
    parts = _parts(part, "InstanceNumber", _frames(part, groups))
    return [Part(it.frames, it.label, (*it.warnings, note)) for it in parts]


def _frames(part: Part, groups: dict[str, list[int]]) -> dict[str, list[Frame]]:
    return {value: [part.frames[at] for at in it] for value, it in groups.items()}


def _is_split(groups: dict[str, list[int]], places: Sequence[int]) -> bool:
    """Return whether no group has a place twice, and one of them has all.

    The others may be incomplete, as when a scan was stopped: each is laid out, or refused, for
    itself.
    """
    held = [[places[at] for at in group] for group in groups.values()]
    distinct = all(len(set(it)) == len(it) for it in held)
    return len(held) > 1 and distinct and max(map(len, held)) == len(set(places))


def _places(frames: Sequence[Frame]) -> list[int]:
    """Return for each frame the number of its place, from the lowest along the normal."""
    axes = np.array([one.orientation for one in frames]).mean(axis=0)
    normal = np.cross(axes[:3], axes[3:])
    depths_mm = np.array([one.position for one in frames]) @ normal
    order = np.argsort(depths_mm, kind="stable")
    steps = np.concatenate([[0], np.cumsum(np.diff(depths_mm[order]) > DUPLICATE_MM)])
    places = np.empty(len(frames), int)
    places[order] = steps
    return [int(place) for place in places]


def _without_repetitions(
    frames: Sequence[Frame], places: Sequence[int], same_pixels: SamePixels
) -> tuple[tuple[Frame, ...], int]:
    """Return the frames without those that repeat another one of their place, and their number."""
    kept: list[Frame] = []
    by_place: dict[int, list[Frame]] = defaultdict(list)
    for one, place in zip(frames, places, strict=True):
        if any(same_pixels(one, other) and _same_place(one, other) for other in by_place[place]):
            continue
        by_place[place].append(one)
        kept.append(one)
    return tuple(kept), len(frames) - len(kept)


def _same_place(one: Frame, other: Frame) -> bool:
    apart = np.subtract(one.position or (), other.position or ())
    return bool(np.linalg.norm(apart) <= DUPLICATE_MM)


def _parts(part: Part, what: str, groups: dict[str, list[Frame]]) -> list[Part]:
    """Return the groups as parts, each named by what tells it apart."""
    if len(groups) == 1:
        return [part]
    parts = []
    for number, (value, frames) in enumerate(sorted(groups.items(), key=_by_size), start=1):
        shown = f" (here {value})" if what not in _UNTOLD and _is_number(value) else ""
        message = (
            f"this is volume {number} of {len(groups)} in its series, which differ in "
            f"{what.replace('+', ' and ')}{shown}"
        )
        label = f"{part.label}|{what}={_short(value)}"
        parts.append(Part(tuple(frames), label, (*part.warnings, ("split", message))))
    return parts


def _by_size(item: tuple[str, list[Frame]]) -> tuple[float, str]:
    """Put volumes in the order of their numbers, where they have numbers."""
    value = item[0]
    return (float(value) if _is_number(value) else 0.0, value)


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdecimal() and value.isascii()


def _short(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:8]
