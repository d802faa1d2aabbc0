"""RAS turns into LPS and back in one place; an affine is a grid, or is refused."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from imaging.axes import grid_of, turned_between_ras_and_lps
from imaging.volume import VolumeGeometry
from tests.imaging.image_files.grids import geometries

IMAGING = Path(__file__).resolve().parents[2] / "imaging"


def test_right_becomes_left_anterior_becomes_posterior_and_superior_stays() -> None:
    affine_ras = np.diag([2.0, 3.0, 4.0, 1.0])
    affine_ras[:3, 3] = 10, 20, 30
    assert (turned_between_ras_and_lps(affine_ras) @ (1, 1, 1, 1)).tolist() == [-12, -23, 34, 1]


def test_turning_twice_is_not_turning() -> None:
    affine = np.arange(16.0).reshape(4, 4)
    assert np.array_equal(turned_between_ras_and_lps(turned_between_ras_and_lps(affine)), affine)


@settings(deadline=None, max_examples=50)
@given(geometry=geometries())
def test_the_grid_of_a_grids_affine_is_that_grid(geometry: VolumeGeometry) -> None:
    again = grid_of(geometry.affine_lps, geometry.shape_kji)
    assert np.allclose(again.affine_lps, geometry.affine_lps, rtol=0, atol=1e-9)  # mm, float64


@pytest.mark.parametrize("broken", [0.0, np.nan, np.inf])
def test_an_affine_whose_axis_has_no_length_is_refused(broken: float) -> None:
    affine = np.eye(4)
    affine[1, 1] = broken
    with pytest.raises(ValueError, match=r"axis|finite"):
        grid_of(affine, (2, 2, 2))


def test_an_affine_whose_axes_lie_in_one_plane_is_refused() -> None:
    affine = np.eye(4)
    affine[:3, 2] = 1, 1, 0
    with pytest.raises(ValueError, match="in one plane"):
        grid_of(affine, (2, 2, 2))


def test_no_other_module_of_imaging_turns_ras_by_itself() -> None:
    turning = re.compile(r"[\[(]-1(\.0)?[\])]*, *[\[(]*-1(\.0)?[\])]*, *[\[(]*1")
    turned = {path.name for path in IMAGING.rglob("*.py") if turning.search(path.read_text())}
    assert turned == {"axes.py"}
