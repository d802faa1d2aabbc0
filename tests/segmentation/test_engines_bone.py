import math
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom.reading import read_volume
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import scan
from segmentation.engines.grey_rim import RIM_VOXELS
from segmentation.engines.table import run_engine
from tests.segmentation.engine_phantoms import ball, box, head, paint, torus

SKULL_ML = 4 / 3 * math.pi * (3.7**3 - 3.3**3)


@pytest.mark.parametrize("spacing_mm", [1.0, 1.5])
def test_a_skull_has_the_volume_of_its_shell(spacing_mm: float) -> None:
    found = run_engine(head(15, spacing=(spacing_mm, spacing_mm, spacing_mm)), "bone", {})
    assert found.volume_ml == pytest.approx(SKULL_ML, rel=0.015)  # of voxels, not of the surface


def test_the_level_lies_halfway_between_bone_and_the_tissue_beside_it() -> None:
    found = run_engine(head(15), "bone", {})
    assert found.parameters["lower_hu"] == pytest.approx((700 + 35) / 2, abs=4)


def test_a_given_level_is_used_and_recorded() -> None:
    found = run_engine(head(), "bone", {"lower_hu": "300"})
    assert found.parameters["lower_hu"] == 300
    assert found.isovalue == 299.5


def test_a_table_under_the_patient_is_taken_away() -> None:
    table = box((-45, 41, -50), (45, 44, 50))
    with_table = run_engine(head(0, (table, 900)), "bone", {"lower_hu": 350})
    np.testing.assert_array_equal(
        with_table.mask, run_engine(head(), "bone", {"lower_hu": 350}).mask
    )


def test_a_head_holder_around_a_dry_skull_is_taken_away() -> None:
    holder = box((-45, 30, -50), (-42, 50, 50))
    dry = [(ball(37), 700.0), (ball(33), -1000.0)]
    found = run_engine(paint([*dry, (holder, 900)]), "bone", {"lower_hu": 350})
    np.testing.assert_array_equal(
        found.mask, run_engine(paint(dry), "bone", {"lower_hu": 350}).mask
    )


def test_separate_bones_in_the_patient_stay() -> None:
    inner = (ball(6), 700.0)
    found = run_engine(head(0, inner), "bone", {"lower_hu": 350})
    assert found.mask[50, 50, 50]
    largest = run_engine(head(0, inner), "bone", {"lower_hu": 350, "maximum_pieces": 1})
    assert not largest.mask[50, 50, 50]


def test_pieces_smaller_than_the_least_volume_are_left_out() -> None:
    found = run_engine(head(0, (ball(4), 700.0)), "bone", {"lower_hu": 350, "minimum_ml": 1})
    assert not found.mask[50, 50, 50]


def test_a_chamber_full_of_contrast_is_no_bone() -> None:
    chamber = (ball(15), 450.0)
    found = run_engine(head(15, chamber), "bone", {"lower_hu": 350})
    assert found.volume_ml == pytest.approx(SKULL_ML, rel=0.02)
    kept = run_engine(head(15, chamber), "bone", {"lower_hu": 350, "blood_up_to_hu": -1000})
    assert kept.mask[50, 50, 50]


def test_grey_values_stay_in_a_rim_around_bone_and_nothing_else_is_above() -> None:
    volume = head(15, (torus(20, 3), 500.0))
    found = run_engine(volume, "bone", {"lower_hu": 600})
    np.testing.assert_array_equal(np.greater(found.field, found.isovalue), found.mask)
    beside = np.roll(found.mask, RIM_VOXELS, axis=2) & ~found.mask & np.less(volume.voxels, 599.5)
    np.testing.assert_array_equal(found.field[beside], volume.voxels[beside])
    assert found.field[50, 50, 50] < -300
    assert found.field[50, 50, 50] < found.isovalue - 900


def test_the_result_knows_its_provenance() -> None:
    found = run_engine(head(), "bone", {})
    assert (found.engine, found.version, found.name, found.code) == (
        "bone",
        "1",
        "Bone",
        "272673000",
    )
    assert not found.mask.flags.writeable
    assert not found.field.flags.writeable


def test_progress_ends_where_it_said_it_would() -> None:
    told: list[tuple[str, int, int]] = []
    run_engine(head(), "bone", {}, lambda *step: told.append(step))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2]


def test_the_craniopagus_skull_is_found_at_the_right_level_without_the_ring_sinus() -> None:
    scene = craniopagus()
    volume = scan(scene, Acquisition(spacing_mm=(1.5, 1.5, 1.5), noise_sd=15.0, seed=1))
    found = run_engine(volume, "bone", {})
    assert found.parameters["lower_hu"] == pytest.approx(362.6, abs=4)
    assert found.volume_ml == pytest.approx(342.94, rel=0.005)


@pytest.mark.shared_data
def test_the_plastic_skull_has_its_known_volume_and_no_head_holder(shared_data: Path) -> None:
    volume = read_volume([shared_data / "01_ct_skull_phantom" / "thin_1mm"])
    found = run_engine(volume, "bone", {"lower_hu": 300})
    assert found.volume_ml == pytest.approx(363.0, rel=0.005)
    k, j, i = np.nonzero(found.mask)
    world = volume.geometry.index_to_world(np.stack([i, j, k], axis=1))
    np.testing.assert_allclose(world.min(axis=0), [-72.6, 10.8, 694.2], atol=1)
    np.testing.assert_allclose(world.max(axis=0), [65.0, 197.1, 827.2], atol=1)


@pytest.mark.shared_data
def test_bone_of_a_cta_holds_no_aorta(shared_data: Path) -> None:
    from imaging.formats import read_image

    folder = shared_data / "03_cta_aortic_dissection_totalseg"
    found = run_engine(read_volume([folder / "dicom_derived"]), "bone", {})
    geometry = found.geometry
    reference = read_image(folder / "aorta.nii.gz")
    k, j, i = np.nonzero(reference.voxels)
    world = reference.geometry.index_to_world(np.stack([i, j, k], axis=1))
    own = np.rint(geometry.world_to_index(world)).astype(int)
    assert found.mask[own[:, 2], own[:, 1], own[:, 0]].mean() < 0.001
    assert 180 < found.volume_ml < 300
