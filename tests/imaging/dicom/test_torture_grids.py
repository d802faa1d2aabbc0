"""Where slices lie: every regular stack is right to 0.03 mm, every other is refused by name."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from imaging.dicom.choice import Choice, Uneven
from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from tests.imaging.dicom.planes import (
    PLACE_TOLERANCE_MM,
    Plane,
    about_x,
    held_planes,
    rotated,
    stack,
    tagged,
    worst_mm,
    write_planes,
)

OBLIQUE = about_x(25)
TURN_Z = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
DOUBLE_OBLIQUE = TURN_Z @ OBLIQUE
GENERIC = DOUBLE_OBLIQUE @ TURN_Z.T @ about_x(-70)


def tilted(angle_deg: float, count: int = 6, **tags: object) -> list[Plane]:
    """Return slices of a gantry that leans while the table moves along z."""
    lean = about_x(angle_deg)
    planes = [
        replace(
            one, row=tuple((lean @ one.row).tolist()), column=tuple((lean @ one.column).tolist())
        )
        for one in stack(count)
    ]
    return tagged(planes, **tags)


def sideways(count: int = 6) -> list[Plane]:
    """Return slices whose origins wander along the rows: a table that is not in line."""
    return stack(count, step=(0.6, 0.0, 2.5))


def jittered(count: int = 40) -> list[Plane]:
    """Return planes as meant; `jitter` writes them as a scanner does."""
    return stack(count, shape=(16, 16))


SHEARED = {
    **{
        f"a gantry at {angle} degrees, GantryDetectorTilt {tag}": tilted(
            angle, GantryDetectorTilt=tag
        )
        for angle, tag in itertools.product(
            (-30.0, -18.5, -3.0, 3.0, 18.5, 20.0, 30.0), ("18.5", "-18.5", None)
        )
    },
    "a gantry at 20 degrees, an oblique patient": rotated(tilted(20), DOUBLE_OBLIQUE),
    "a gantry at -12 degrees, turned anyhow": rotated(tilted(-12), GENERIC, (40, -7, 3)),
    "a table out of line": sideways(),
}

POSITIONS = {
    # the rows and columns of an axial slice by how the patient lies on the table
    "HFS": ((1, 0, 0), (0, 1, 0)),
    "HFP": ((-1, 0, 0), (0, -1, 0)),
    "FFS": ((-1, 0, 0), (0, 1, 0)),
    "FFP": ((1, 0, 0), (0, -1, 0)),
    "HFDL": ((0, -1, 0), (1, 0, 0)),
    "HFDR": ((0, 1, 0), (-1, 0, 0)),
    "FFDL": ((0, -1, 0), (-1, 0, 0)),
    "FFDR": ((0, 1, 0), (1, 0, 0)),
}

UPRIGHT = {
    "plain": stack(),
    "from the crown down": stack(step=(0, 0, -2.5)),
    "two slices": stack(2),
    "oblique": rotated(stack(), OBLIQUE),
    "double oblique": rotated(stack(), DOUBLE_OBLIQUE, (12.5, -80, 33)),
    "turned anyhow": rotated(stack(), GENERIC),
    "coronal": stack(step=(0, 1.5, 0), row=(1.0, 0, 0), column=(0, 0, -1.0)),
    "sagittal": stack(step=(1.5, 0, 0), row=(0, 1.0, 0), column=(0, 0, -1.0)),
    "anisotropic": stack(spacing=(0.25, 0.25), step=(0, 0, 7.0)),
    "not square": stack(spacing=(0.4, 1.7)),
    "a wide field at a fine step": stack(12, step=(0, 0, 0.075), spacing=(0.075, 0.075)),
    "far from the isocentre": stack(origin=(-412.3, 251.7, -1833.25)),
    **{
        f"lying {name}": tagged(
            stack(
                row=tuple(map(float, row)),
                column=tuple(map(float, column)),
                step=tuple(2.5 * np.cross(row, column)),
            ),
            PatientPosition=name,
        )
        for name, (row, column) in POSITIONS.items()
    },
    "lying HFS by its axes, FFP by its tag": tagged(stack(), PatientPosition="FFP"),
    "wrong SliceThickness and SpacingBetweenSlices": tagged(
        stack(), SliceThickness="9", SpacingBetweenSlices="-4"
    ),
    "SliceThickness that is no number": tagged(stack(), SliceThickness=None),
    "GantryDetectorTilt of a gantry that stood upright": tagged(stack(), GantryDetectorTilt="18.5"),
    "SliceLocation backwards": [
        one.tagged(SliceLocation=str(-10 * k)) for k, one in enumerate(stack())
    ],
    "InstanceNumber backwards": [
        one.tagged(InstanceNumber=99 - k) for k, one in enumerate(stack())
    ],
    "InstanceNumber the same everywhere": tagged(stack(), InstanceNumber=1),
    "no InstanceNumber": tagged(stack(), InstanceNumber=None),
}


@pytest.mark.parametrize("case", SHEARED)
def test_a_sheared_stack_lies_where_it_was_scanned(tmp_path: Path, case: str) -> None:
    planes = SHEARED[case]
    write_planes(tmp_path, planes)
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(len(planes)))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    assert [code for code, _ in volume.warnings] == ["gantry_tilt"]
    assert not volume.geometry.is_right_angled


@pytest.mark.parametrize("case", UPRIGHT)
def test_an_upright_stack_lies_where_it_was_scanned(tmp_path: Path, case: str) -> None:
    planes = UPRIGHT[case]
    write_planes(tmp_path, planes)
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(len(planes)))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    assert volume.warnings == ()
    assert volume.geometry.handedness == pytest.approx(1)


def jitter(dataset: Dataset, number: int) -> None:
    """Write positions to 0.004 mm and directions to 1e-4, as some scanners round."""
    noise = np.random.default_rng(number)
    position = np.array(dataset.ImagePositionPatient, float) + noise.uniform(-4e-3, 4e-3, 3)
    axes = np.array(dataset.ImageOrientationPatient, float) + noise.uniform(-1e-4, 1e-4, 6)
    dataset.ImagePositionPatient = [f"{value:.6f}" for value in position]
    dataset.ImageOrientationPatient = [f"{value:.8f}" for value in axes]


@pytest.mark.parametrize("rotation", [np.eye(3), DOUBLE_OBLIQUE], ids=["axial", "double oblique"])
def test_rounded_positions_and_directions_are_tolerated(
    tmp_path: Path, rotation: np.ndarray
) -> None:
    planes = rotated(jittered(), rotation)
    write_planes(tmp_path, planes, edit=jitter)
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(40))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM


def uneven() -> list[Plane]:
    """Return five slices 1 mm apart, then five 3 mm apart."""
    return [*stack(5, (0, 0, 1), (0, 0, 0)), *stack(5, (0, 0, 3), (0, 0, 7))]


def without(planes: Sequence[Plane], *numbers: int) -> list[Plane]:
    return [one for at, one in enumerate(planes) if at not in numbers]


def moved(planes: Sequence[Plane], number: int, by: tuple[float, float, float]) -> list[Plane]:
    place = tuple((np.array(planes[number].position) + by).tolist())
    return [replace(one, position=place) if at == number else one for at, one in enumerate(planes)]


def creeping() -> list[Plane]:
    places = [(0.0, 0.0, 2.5 * k + 0.02 * k * k) for k in range(20)]
    return [Plane(place) for place in places]


REFUSED: dict[str, tuple[str, list[Plane]]] = {
    "spacing 1 mm, then 3 mm": ("uneven_spacing", uneven()),
    "spacing that creeps": ("uneven_spacing", creeping()),
    "a step of one and a half": ("uneven_spacing", moved(stack(8), 7, (0, 0, 1.25))),
    "three slices missing in one place": ("missing_slice", without(stack(12), 4, 5, 6)),
    "three slices missing here and there": ("missing_slice", without(stack(16), 3, 7, 12)),
    "three slices missing from a leaning gantry": (
        "missing_slice",
        without(tilted(20, 12), 4, 5, 6),
    ),
    "a slice moved sideways": ("shifted_slice", moved(stack(), 2, (0.3, 0, 0))),
    "a slice moved sideways, turned anyhow": (
        "shifted_slice",
        rotated(moved(stack(), 4, (0, 0.3, 0)), GENERIC),
    ),
    "axes that are not at right angles": ("bad_orientation", stack(column=(0.1, 0.99, 0.0))),
    "axes that are too long": ("bad_orientation", stack(row=(1.01, 0, 0))),
    "axes of nought": ("bad_orientation", stack(row=(0.0, 0, 0))),
    "no spacing": ("no_spacing", tagged(stack(), PixelSpacing=None)),
    "spacing of the detector only": (
        "no_spacing",
        tagged(stack(), PixelSpacing=None, ImagerPixelSpacing=["0.9", "0.7"]),
    ),
    "spacing of nought": ("no_spacing", stack(spacing=(0.0, 0.7))),
    "negative spacing": ("no_spacing", stack(spacing=(-0.9, 0.7))),
    "no position": ("no_position", tagged(stack(), ImagePositionPatient=None)),
    "no orientation": ("no_position", tagged(stack(), ImageOrientationPatient=None)),
    "neither, but a SliceLocation": (
        "no_position",
        [
            one.tagged(
                ImagePositionPatient=None, ImageOrientationPatient=None, SliceLocation=str(k)
            )
            for k, one in enumerate(stack())
        ],
    ),
    "one slice without position": (
        "no_position",
        [*stack(4), stack()[5].tagged(ImagePositionPatient=None)],
    ),
    "a pixel spacing that changes": (
        "mixed_pixel_spacing",
        [*stack(3), *stack(3, origin=(-31.5, 12.25, 107.5), spacing=(0.91, 0.7))],
    ),
    "slices of one place only": ("single_slice", stack(4, step=(0, 0, 0))),
    "a single slice": ("single_slice", stack(1)),
    "slices that lean more than any gantry": ("steep_tilt", stack(step=(0, 25.0, 0.5))),
    "a place that no scanner has": ("bad_position", stack(origin=(1e300, 0, 0))),
    "a step that no scanner has": ("bad_position", stack(step=(0, 0, 1e8))),
    "pixels that no detector has": ("no_spacing", stack(spacing=(1e200, 1e200))),
    "pixels of no size": ("no_spacing", stack(spacing=(1e-12, 1e-12))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_grid_is_refused_by_name(tmp_path: Path, case: str) -> None:
    code, planes = REFUSED[case]
    write_planes(tmp_path, planes, edit=exponents)
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == code
    assert {refused.code for refused in inspect([tmp_path]).refused} == {code}


def exponents(dataset: Dataset, _number: int) -> None:
    """Write numbers beyond what 16 plain digits can say with an exponent."""
    for keyword in ("ImagePositionPatient", "PixelSpacing"):
        values = dataset.get(keyword) or []
        if any(abs(float(value)) > 1e9 or 0 < abs(float(value)) < 1e-6 for value in values):
            setattr(dataset, keyword, [f"{float(value):.6g}" for value in values])


RESAMPLED = {
    "spacing 1 mm, then 3 mm": uneven(),
    "three slices missing": without(stack(12), 4, 5, 6),
    "three slices missing, oblique": rotated(without(stack(12), 4, 5, 6), DOUBLE_OBLIQUE),
    "three slices missing from a leaning gantry": without(tilted(20, 12), 4, 5, 6),
    "a step of one and a half": moved(stack(8), 7, (0, 0, 1.25)),
}


@pytest.mark.parametrize("case", RESAMPLED)
def test_on_request_gaps_are_filled_by_the_linear_truth_and_it_is_said(
    tmp_path: Path, case: str
) -> None:
    """A picture that is linear in space is its own interpolation, to half a grey value."""
    planes = RESAMPLED[case]
    middle = planes[0].places().mean(axis=0)

    def ramp(world: np.ndarray) -> np.ndarray:
        return np.asarray(2000 + (world - middle) @ np.array([3.0, -7.0, 25.0]))

    def edit(dataset: Dataset, number: int) -> None:
        values = np.rint(ramp(planes[number].places()))
        dataset.PixelData = values.astype("<u2").tobytes()

    write_planes(tmp_path, planes, edit=edit)
    volume = read_volume([tmp_path], Choice(uneven=Uneven.RESAMPLE))
    k, j, i = np.indices(volume.voxels.shape).reshape(3, -1)
    world = volume.geometry.index_to_world(np.column_stack([i, j, k]))
    found = volume.voxels.astype(float).ravel() + 1024
    # rounding the written values, blending them, and rounding the blend: half a value twice
    assert np.abs(found - ramp(world)).max() <= 1.001
    assert "resampled" in dict(volume.warnings)
    ends = [planes[0].position, planes[-1].position]
    for k_end, end in zip((0, -1), ends, strict=True):
        index = [0, 0, volume.voxels.shape[0] - 1 if k_end else 0]
        off = np.linalg.norm(volume.geometry.index_to_world(index) - np.array(end))
        assert off < PLACE_TOLERANCE_MM


def test_a_far_stray_slice_asks_for_no_memory_where_gaps_are_filled(tmp_path: Path) -> None:
    write_planes(tmp_path, moved(stack(step=(0, 0, 0.025)), 5, (0, 0, 9e4)))
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path], Choice(uneven=Uneven.RESAMPLE))
    assert refusal.value.code == "too_large"


def test_slices_missing_at_an_end_cannot_be_known(tmp_path: Path) -> None:
    planes = stack(9)
    paths = write_planes(tmp_path, planes)
    for path in paths[6:]:
        path.unlink()
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(6))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM


def test_slices_missing_at_an_end_are_told_where_a_broken_file_lies_beside(tmp_path: Path) -> None:
    paths = write_planes(tmp_path, stack(9))
    paths[8].write_bytes(paths[8].read_bytes()[:-9])
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "truncated_file"
    assert "0008.dcm" in str(refusal.value)


@pytest.mark.parametrize("angle", [-18.5, 18.5])
def test_the_sign_of_the_tilt_tag_decides_nothing(tmp_path: Path, angle: float) -> None:
    """GE +18.5 and Philips -18.5 are one orientation: vendors disagree on the sign."""
    affines = []
    for tag in ("18.5", "-18.5", None):
        folder = tmp_path / str(tag)
        write_planes(folder, tilted(angle, GantryDetectorTilt=tag))
        affines.append(read_volume([folder]).geometry)
    assert affines[0] == affines[1] == affines[2]
