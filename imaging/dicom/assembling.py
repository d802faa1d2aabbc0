"""Lay slices out on one regular grid, or refuse by name: pure geometry, no disk.

Only ImagePositionPatient, ImageOrientationPatient and PixelSpacing decide. Slice numbers,
thicknesses and the vendor-specific sign of GantryDetectorTilt do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.choice import Uneven
from imaging.dicom.frame import Frame
from imaging.errors import RefusedSeriesError
from imaging.space import Vector
from imaging.volume import VolumeGeometry

POSITION_TOLERANCE_MM: Final = 0.03
"""How far a slice may lie from its place on the grid: ten times the last of two written decimals
that scanners round positions to, and a fifteenth of the finest clinical voxel of the head."""

CORNER_TOLERANCE_MM: Final = 0.1
"""How far the corners of a slice may lie from the grid: an orientation written with four decimals
moves the far corner of a 500 mm field of view by 0.05 mm."""

DUPLICATE_MM: Final = 0.02
"""Slices closer than this are one place twice: the finest scanners step 0.075 mm."""

SHEAR_TOLERANCE: Final = 1e-3
"""Tangent of the angle between stacking direction and normal: three decimals of a cosine."""

SPACING_TOLERANCE: Final = 1e-4
"""Relative difference of PixelSpacing between slices: 0.05 mm over 512 mm."""

GAP_TOLERANCE: Final = 0.1
"""How near a gap must be to a whole number of steps, in steps, to be called missing slices."""

STEEPEST_TILT_DEG: Final = 45.0
"""Gantries lean by 30 degrees; a stack that leans more is put together from something else."""

MOST_EVENED: Final = 20_000
"""Slices of an evened grid: 2 m at steps of 0.1 mm. One stray slice must not ask for more."""

MOST_SLICES_FOR_ONE: Final = 8
"""An evened grid is at most so much finer than the median step: a stray pair of slices a tenth of
a millimetre apart must not make a volume of thousands."""

_DECIMALS: Final = 12
"""Digits kept: fitting leaves 1e-15 where a header says 0, and nobody measures 1e-12 mm."""

_MIXES: Final[tuple[tuple[str, str, Callable[[Frame], object]], ...]] = (
    ("mixed_pixel_format", "pixel formats", lambda one: one.pixels.bits_allocated),
    (
        "mixed_rescale",
        "kinds of value",
        lambda one: (one.rescale.present, one.rescale.rescale_type),
    ),
)
"""Code, what differs in words, and the value that must be the same in every slice."""


@dataclass(frozen=True, slots=True)
class Blend:
    """One slice of an even grid, made of two measured ones."""

    lower: int
    upper: int
    weight: float
    """Of `upper`; the rest is of `lower`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Slices in the order of k, and the grid that they make."""

    slices: tuple[Frame, ...]
    geometry: VolumeGeometry
    warnings: tuple[tuple[str, str], ...]
    """(code, message) pairs that stay with the case."""
    blends: tuple[Blend, ...] = ()
    """How to make each slice of the grid, where the measured ones do not lie on it."""


def lay_out(frames: Sequence[Frame], uneven: Uneven = Uneven.REFUSE) -> Layout:
    """Sort slices along their normal and find the grid that all of them lie on.

    Parameters
    ----------
    frames : sequence of Frame
        The slices of one volume, in any order, each with position, orientation and spacing.
    uneven : Uneven, optional
        Whether gaps and uneven steps may be filled by interpolation.

    Returns
    -------
    Layout
        k grows along the cross product of the row and column directions. Slices from a tilted
        gantry make a sheared grid, and a warning says so.

    Raises
    ------
    RefusedSeriesError
        The slices make no regular grid; `code` names why.

    References
    ----------
    DICOM PS3.3, C.7.6.2.1.1, equation C.7.6.2.1-1.
    """
    for code, what, value_of in _MIXES:
        _require_same(frames, code, what, value_of)
    _require_same_spacing(frames)
    axes = np.array([frame.orientation for frame in frames]).reshape(-1, 2, 3)
    axes /= np.linalg.norm(axes, axis=2, keepdims=True)
    normal = _normal(frames, axes)
    positions = np.array([frame.position for frame in frames])
    order = np.argsort(positions @ normal, kind="stable")
    slices = tuple(frames[at] for at in order)
    positions, axes = positions[order], axes[order]
    _require_one_a_place(slices, positions @ normal)
    if len(slices) < 2:  # noqa: PLR2004 - one slice has no next
        raise RefusedSeriesError(
            "this series has one slice, and a volume needs two; choose a series with more",
            "single_slice",
        )
    if uneven is Uneven.RESAMPLE and not _is_even(positions @ normal):
        return _evened(slices, positions, axes, normal)
    _require_even_steps(positions @ normal)
    geometry = _grid(slices, positions, axes)
    notes = (*_tilt_warnings(geometry), *_placement_warnings(geometry, positions, axes))
    return Layout(slices, geometry, notes)


def _require_same(
    frames: Sequence[Frame], code: str, what: str, value_of: Callable[[Frame], object]
) -> None:
    kinds = {value_of(frame) for frame in frames}
    if len(kinds) > 1:
        raise RefusedSeriesError(
            f"this series holds {len(kinds)} different {what}; export each as its own series", code
        )


def _require_same_spacing(frames: Sequence[Frame]) -> None:
    spacings = np.array([frame.pixel_spacing for frame in frames])
    if np.any(np.ptp(spacings, axis=0) > SPACING_TOLERANCE * spacings.mean(axis=0)):
        raise RefusedSeriesError(
            f"the pixel spacing of this series changes from {spacings.min():.4f} to "
            f"{spacings.max():.4f} mm between slices; export each as its own series",
            "mixed_pixel_spacing",
        )


def _normal(frames: Sequence[Frame], axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the direction of k; refuse slices that are not parallel."""
    mean = axes.mean(axis=0)
    normal: NDArray[np.float64] = np.cross(mean[0], mean[1])
    length = float(np.linalg.norm(normal))
    pixels = frames[0].pixels
    sides = _sides_mm(frames[0], pixels.rows, pixels.columns)
    turned_mm = np.abs(axes - mean).max(initial=0) * max(sides)
    if length < 0.5 or turned_mm > CORNER_TOLERANCE_MM:  # noqa: PLR2004 - opposite axes cancel out
        raise RefusedSeriesError(
            "the slices of this series are not parallel to each other; "
            "export each orientation as its own series",
            "mixed_orientation",
        )
    return normal / length


def _sides_mm(frame: Frame, rows: int, columns: int) -> tuple[float, float]:
    spacing = frame.pixel_spacing or (1.0, 1.0)
    return (spacing[1] * columns, spacing[0] * rows)


def _require_one_a_place(slices: Sequence[Frame], depths_mm: NDArray[np.float64]) -> None:
    """Refuse two slices in one place that nothing tells apart but their values."""
    places = np.concatenate([[0], np.cumsum(np.diff(depths_mm) > DUPLICATE_MM)])
    counts = np.bincount(places)
    doubled = [one for one, at in zip(slices, places, strict=True) if counts[at] > 1]
    if doubled:
        names = ", ".join(dict.fromkeys(one.file.name for one in doubled[:4]))
        raise RefusedSeriesError(
            f"{len(doubled)} slices of this series share a place with another that shows something "
            f"else ({names}); remove those that are not wanted",
            "duplicate_slice",
        )


def _require_even_steps(depths_mm: NDArray[np.float64]) -> None:
    """Refuse steps that no single spacing explains; name missing slices where that is why."""
    if _is_even(depths_mm):
        return  # each slice is held to the grid later
    steps = np.diff(depths_mm)
    typical = float(np.median(steps))
    in_steps = steps / min(typical, _smallest_common(steps))
    whole = np.rint(in_steps)
    if np.all(np.abs(in_steps - whole) <= GAP_TOLERANCE) and np.mean(whole == 1) >= 0.5:  # noqa: PLR2004
        missing = int(whole.sum()) - len(steps)
        after = int(np.argmax(whole > 1)) + 1
        raise RefusedSeriesError(
            f"{missing} slices are missing in {int(np.sum(whole > 1))} places, the first after "
            f"slice {after} of {len(depths_mm)}, where a gap of {steps[after - 1]:.2f} mm "
            f"interrupts steps of {typical:.2f} mm; export the whole series again, or import it "
            "with --resample",
            "missing_slice",
        )
    raise RefusedSeriesError(
        f"the steps between slices vary from {steps.min():.2f} to {steps.max():.2f} mm; "
        "export a series with even spacing, or import it with --resample",
        "uneven_spacing",
    )


def _is_even(depths_mm: NDArray[np.float64]) -> bool:
    steps = np.diff(depths_mm)
    allowed = min(4 * POSITION_TOLERANCE_MM, GAP_TOLERANCE * float(np.median(steps)))
    return bool(np.ptp(steps) <= allowed)


def _smallest_common(steps: NDArray[np.float64]) -> float:
    """Return the mean of the steps near the smallest one, mm."""
    return float(steps[steps <= steps.min() * (1 + GAP_TOLERANCE)].mean())


def _is_sheared(step: NDArray[np.float64], normal: NDArray[np.float64], count: int) -> bool:
    """Return whether the stack leans: more than rounded positions can make it."""
    along = float(step @ normal)
    across = float(np.linalg.norm(step - along * normal))
    return across > max(SHEAR_TOLERANCE * along, 2 * POSITION_TOLERANCE_MM / max(count - 1, 1))


def _grid(
    slices: Sequence[Frame], positions: NDArray[np.float64], axes: NDArray[np.float64]
) -> VolumeGeometry:
    """Return the grid that fits best, after proving that every slice lies on it."""
    count = len(slices)
    index = np.arange(count) - (count - 1) / 2
    step = (index @ positions) / (index @ index)
    _require_gantry(step, axes)
    origin = positions.mean(axis=0) - step * (count - 1) / 2
    off_mm = np.linalg.norm(positions - origin - np.outer(np.arange(count), step), axis=1)
    worst = int(np.argmax(off_mm))
    if off_mm[worst] > POSITION_TOLERANCE_MM:
        raise _shifted(slices, worst, float(off_mm[worst]))
    return _geometry(slices, axes, origin, step, count)


def _require_gantry(step: NDArray[np.float64], axes: NDArray[np.float64]) -> None:
    """Refuse a stack that leans more than any gantry."""
    mean = axes.mean(axis=0)
    normal = np.cross(mean[0], mean[1])
    cosine = float(step @ normal) / float(np.linalg.norm(step) * np.linalg.norm(normal))
    angle_deg = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    if angle_deg > STEEPEST_TILT_DEG:
        raise RefusedSeriesError(
            f"the slices of this series lean by {angle_deg:.0f} degrees against their stack, which "
            "no gantry does; export the series again",
            "steep_tilt",
        )


def _shifted(slices: Sequence[Frame], worst: int, off_mm: float) -> RefusedSeriesError:
    return RefusedSeriesError(
        f"slice {worst + 1} of {len(slices)} ({slices[worst].file.name}) lies {off_mm:.2f} mm "
        "beside the even grid of the others; export the series again",
        "shifted_slice",
    )


def _geometry(
    slices: Sequence[Frame],
    axes: NDArray[np.float64],
    origin: NDArray[np.float64],
    step: NDArray[np.float64],
    count: int,
) -> VolumeGeometry:
    """Return the grid of `count` slices that begins at `origin` and goes on by `step`."""
    spacing_k = float(np.linalg.norm(step))
    k = step / spacing_k
    row, column = axes.mean(axis=0)
    normal = np.cross(row, column) / np.linalg.norm(np.cross(row, column))
    upright = normal if _is_sheared(step, normal, count) else k
    row = row - (row @ upright) * upright
    row /= np.linalg.norm(row)
    column = np.cross(upright, row)
    spacing = np.array([frame.pixel_spacing for frame in slices]).mean(axis=0)
    row, column, k = (np.round(axis, _DECIMALS) + 0.0 for axis in (row, column, k))
    pixels = slices[0].pixels
    return VolumeGeometry(
        spacing=_vector(np.round([spacing[1], spacing[0], spacing_k], _DECIMALS)),
        origin=_vector(np.round(origin, _DECIMALS) + 0.0),
        direction=(_vector(row), _vector(column), _vector(k)),
        shape_kji=(count, pixels.rows, pixels.columns),
    )


def _evened(
    slices: Sequence[Frame],
    positions: NDArray[np.float64],
    axes: NDArray[np.float64],
    normal: NDArray[np.float64],
) -> Layout:
    """Return an even grid over slices that do not lie on one, with how to make its slices."""
    depths_mm = (positions - positions[0]) @ normal
    steps = np.diff(depths_mm)
    span_mm = float(depths_mm[-1])
    line = positions[0] + np.outer(depths_mm / span_mm, positions[-1] - positions[0])
    off_mm = np.linalg.norm(positions - line, axis=1)
    worst = int(np.argmax(off_mm))
    if off_mm[worst] > 2 * POSITION_TOLERANCE_MM:
        raise _shifted(slices, worst, float(off_mm[worst]))
    finest = max(_smallest_common(steps), float(np.median(steps)) / MOST_SLICES_FOR_ONE)
    count = round(span_mm / finest) + 1
    if count > MOST_EVENED:
        raise RefusedSeriesError(
            f"even steps of {finest:.2f} mm over this series would make {count} slices, more than "
            f"{MOST_EVENED}; export the series again, without the slices that lie apart",
            "too_large",
        )
    step = (positions[-1] - positions[0]) / (count - 1)
    _require_gantry(step, axes)
    geometry = _geometry(slices, axes, positions[0], step, count)
    note = (
        "resampled",
        (
            f"slices at steps of {steps.min():.2f} to {steps.max():.2f} mm were interpolated to "
            f"even steps of {span_mm / (count - 1):.2f} mm: nothing was measured in between"
        ),
    )
    wanted = np.linspace(0, span_mm, count)
    upper = np.clip(np.searchsorted(depths_mm, wanted), 1, len(slices) - 1)
    weights = np.clip((wanted - depths_mm[upper - 1]) / steps[upper - 1], 0, 1)
    blends = tuple(
        Blend(int(at) - 1, int(at), float(weight))
        for at, weight in zip(upper, weights, strict=True)
    )
    return Layout(tuple(slices), geometry, (*_tilt_warnings(geometry), note), blends)


def _tilt_warnings(geometry: VolumeGeometry) -> tuple[tuple[str, str], ...]:
    if geometry.is_right_angled:
        return ()
    i, j, k = (np.array(axis) for axis in geometry.direction)
    angle_deg = np.degrees(np.arccos(np.clip(np.cross(i, j) @ k, -1, 1)))
    message = (
        f"the slices are sheared by {angle_deg:.1f} degrees (a tilted gantry): each lies where it "
        "was scanned, on a grid that is not right-angled"
    )
    return (("gantry_tilt", message),)


def _placement_warnings(
    geometry: VolumeGeometry, positions: NDArray[np.float64], axes: NDArray[np.float64]
) -> tuple[tuple[str, str], ...]:
    """Hold the corners of every slice to the standard's own equation, slice by slice."""
    slices, rows, columns = geometry.shape_kji
    worst_mm = 0.0
    for i in (0, columns - 1):
        for j in (0, rows - 1):
            index = np.column_stack(
                [np.full(slices, float(i)), np.full(slices, float(j)), np.arange(slices)]
            )
            across = axes[:, 0] * (i * geometry.spacing[0]) + axes[:, 1] * (j * geometry.spacing[1])
            off = geometry.index_to_world(index) - (positions + across)
            worst_mm = max(worst_mm, float(np.linalg.norm(off, axis=1).max()))
    if worst_mm > 2 * CORNER_TOLERANCE_MM:
        raise RefusedSeriesError(
            f"the orientation of this series puts corners {worst_mm:.2f} mm beside an even grid; "
            "export the series again",
            "bad_orientation",
        )
    if worst_mm <= POSITION_TOLERANCE_MM:
        return ()
    return (("placement", f"voxels lie up to {worst_mm:.2f} mm from where the header puts them"),)


def _vector(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))
