"""Real scans of one frame of reference, for which the right answer is: nothing moved."""

from pathlib import Path

import pytest

from imaging.dicom.reading import read_volume
from imaging.errors import RegistrationFailedError
from imaging.registration.registering import Start, register
from imaging.space import distance_mm
from imaging.volume import Volume

pytestmark = pytest.mark.shared_data

SKULL = "01_ct_skull_phantom"


def farthest_mm(fixed: Volume, moving: Volume) -> float:
    """Return how far the registration moves a corner of the fixed volume, mm."""
    found = register(fixed, moving, Start("geometry"))
    k, j, i = fixed.geometry.shape_kji
    corners = [(a, b, c) for a in (0, i - 1) for b in (0, j - 1) for c in (0, k - 1)]
    places = [tuple(place) for place in fixed.geometry.index_to_world(corners).tolist()]
    return max(distance_mm(found.fixed_from_moving.apply(one), one) for one in places)


def test_thin_and_thick_slices_of_one_scan_lie_together(shared_data: Path) -> None:
    thick = read_volume([shared_data / SKULL / "thick_5mm"])
    thin = read_volume([shared_data / SKULL / "thin_1mm"])
    assert thick.frame_of_reference_uid == thin.frame_of_reference_uid
    assert farthest_mm(thick, thin) <= 0.45  # mm, one pixel of the finer scan


def test_a_tilted_scan_lies_within_a_slice_of_the_upright_one(shared_data: Path) -> None:
    """The gantry's own tilt is good to some tenths of a degree: 0.4 degrees and 1.3 mm here."""
    thin = read_volume([shared_data / SKULL / "thin_1mm"])
    tilted = read_volume([shared_data / SKULL / "tilt_+16.5"])
    assert farthest_mm(thin, tilted) <= 2.5  # mm, the slices of the tilted scan


def test_a_skull_is_not_laid_onto_the_head_of_somebody_else(shared_data: Path) -> None:
    skull = read_volume([shared_data / SKULL / "thick_5mm"])
    head = read_volume([shared_data / "02_mr_head_contrast_VS-SEG-001/dicom"])
    with pytest.raises(RegistrationFailedError):
        register(skull, head, Start("geometry"))
