import math
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom.reading import read_volume
from segmentation.engines.table import run_engine
from tests.segmentation.engine_phantoms import Floats, Shape, ball, box, head, paint

HEAD_ML = 4 / 3 * math.pi * 4**3


def rod(radius_mm: float, low_y: float, high_y: float) -> Shape:
    def distance(x: Floats, y: Floats, z: Floats) -> Floats:
        return np.maximum(np.hypot(x, z) - radius_mm, np.maximum(low_y - y, y - high_y))

    return distance


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.7, 0.7, 2.5)])
def test_skin_has_the_volume_of_the_head(spacing: tuple[float, float, float]) -> None:
    found = run_engine(head(15, spacing=spacing), "skin", {})
    assert found.volume_ml == pytest.approx(HEAD_ML, rel=0.01)


def test_the_level_lies_halfway_between_air_and_soft_tissue() -> None:
    found = run_engine(head(15), "skin", {})
    assert found.parameters["lower_hu"] == pytest.approx((-1000 + 33) / 2, abs=10)


def test_a_sinus_inside_counts_as_inside() -> None:
    found = run_engine(head(0, (ball(10, (0, -15, 0)), -1000.0)), "skin", {})
    assert found.volume_ml == pytest.approx(HEAD_ML, rel=0.01)
    assert found.mask[50, 35, 50]
    np.testing.assert_array_equal(np.greater(found.field, found.isovalue), found.mask)


def test_an_airway_that_opens_through_a_nostril_is_filled_behind_it() -> None:
    nostril = (rod(4, -45, 0), -1000.0)
    found = run_engine(head(0, nostril, (ball(10), -1000.0)), "skin", {})
    assert found.mask[50, 50, 50]
    assert found.volume_ml == pytest.approx(HEAD_ML, rel=0.015)


def test_an_airway_that_the_end_of_the_scan_cuts_is_filled() -> None:
    neck = box((-30, -30, -60), (30, 30, 60))
    trachea = box((-8, -8, -60), (8, 8, 60))
    found = run_engine(paint([(neck, 40.0), (trachea, -1000.0)]), "skin", {})
    assert found.mask[:, 50, 50].all()
    assert found.volume_ml == pytest.approx(61 * 61 * 101 / 1000, rel=0.04)  # edges are half filled


def test_a_table_top_that_touches_the_patient_is_taken_away() -> None:
    table = box((-80, 39, -80), (80, 41, 80))
    bare = run_engine(paint([(ball(40), 40.0)], 75), "skin", {"lower_hu": -480})
    found = run_engine(paint([(ball(40), 40.0), (table, 100.0)], 75), "skin", {"lower_hu": -480})
    beyond = found.mask & ~bare.mask
    assert beyond.sum() / bare.mask.sum() < 0.02  # of 27 %: the patch of contact stays
    k, _, i = np.nonzero(beyond)
    assert np.hypot(k - 75, i - 75).max() < 30


def test_an_ear_stays_on_the_head() -> None:
    ear = box((38, -6, -10), (55, -3, 10))
    found = run_engine(paint([(ball(40), 40.0), (ear, 40.0)], 65), "skin", {})
    assert found.mask[65, 60, 65 + 52]


def test_skin_reaches_the_border_without_a_spike_beyond_it() -> None:
    near_border = paint([(ball(40), 40.0)], 42)
    found = run_engine(near_border, "skin", {"lower_hu": -480})
    np.testing.assert_array_equal(found.mask, np.greater(near_border.voxels, -480.5))


def test_in_mr_the_level_is_otsus_and_markers_outside_are_left_out() -> None:
    layers = [(ball(40), 400.0), (ball(20), 30.0), (ball(3, (0, 47, 0)), 900.0)]
    volume = paint(layers, 52, background=15.0, noise=8, hu=False)
    found = run_engine(volume, "skin", {})
    assert 100 < found.parameters["lower_hu"] < 320
    assert found.volume_ml == pytest.approx(HEAD_ML, rel=0.01)


@pytest.mark.shared_data
def test_skin_of_a_head_in_mr_is_one_filled_body(shared_data: Path) -> None:
    volume = read_volume([shared_data / "02_mr_head_contrast_VS-SEG-001" / "dicom"])
    found = run_engine(volume, "skin", {})
    assert 3000 < found.volume_ml < 4200  # a head from the skull base up
    assert found.mask[60, 200:320, 200:320].all()  # ventricles are filled
    assert not found.mask[:, :, :5].any()  # posts of the stereotactic frame are left out
