"""Volumes from a tilted gantry are segmented where they lie (phantom check 2, its tilt)."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom.reading import read_volume
from imaging.formats import read_image, write_array_image
from imaging.resampling import to_right_angles
from imaging.volume import Volume
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.pedicle import pedicle
from sample_data.scenes import SCENES
from sample_data.series import scan, write_series
from segmentation.dicom_seg import read_seg, source_headers, write_seg
from segmentation.engines.table import ENGINES, run_engine
from segmentation.errors import EmptySegmentError, SegmentationError
from segmentation.labelmap import labelmap_of
from segmentation.surface.deviation import deviation_between
from segmentation.surface.extraction import contour_of
from segmentation.surface.label_surfaces import label_surface_of
from segmentation.surface.mesh import Surface
from segmentation.surface.pipeline import surface_of

TILT_DEG = 16.5
SKULL_LEVEL = {"lower_hu": 360.0}
"""Halfway between bone of 700 HU and skin or fluid."""

DCIODVFY = Path(sys.executable).parent / "dciodvfy"


@pytest.fixture(scope="module")
def untilted() -> Volume:
    return scan(craniopagus(), Acquisition())


@pytest.fixture(scope="module")
def tilted() -> Volume:
    return scan(craniopagus(), Acquisition(tilt_deg=TILT_DEG))


@pytest.fixture(scope="module")
def skull(untilted: Volume) -> Surface:
    return surface_of(run_engine(untilted, "threshold", SKULL_LEVEL)).surface


def test_a_threshold_contours_the_sheared_grid_itself(tilted: Volume, skull: Surface) -> None:
    found = run_engine(tilted, "threshold", SKULL_LEVEL)
    assert found.geometry == tilted.geometry
    assert found.warnings == ()
    refined = surface_of(found).surface
    assert refined.is_watertight
    assert refined.volume_ml == pytest.approx(craniopagus().truths["bone_ml"], rel=0.005)
    assert deviation_between(skull, refined).p95_mm <= 0.1  # facts, phantom check 2


def test_bone_is_found_at_right_angles_as_near_to_the_truth(tilted: Volume, skull: Surface) -> None:
    found = run_engine(tilted, "bone", SKULL_LEVEL)
    assert found.geometry.is_right_angled
    assert found.parameters["sheared_deg"] == TILT_DEG
    assert [code for code, _ in found.warnings] == ["resampled"]
    refined = surface_of(found).surface
    assert refined.is_watertight
    assert refined.volume_ml == pytest.approx(craniopagus().truths["bone_ml"], rel=0.005)
    # interpolation within 1 mm slices blurs, and halfway between bone and skin that moves nothing
    assert deviation_between(skull, refined).p95_mm <= 0.1


def test_skin_is_found_at_right_angles(tilted: Volume, untilted: Volume) -> None:
    found = run_engine(tilted, "skin", {"lower_hu": -480})
    straight = run_engine(untilted, "skin", {"lower_hu": -480})
    assert found.volume_ml == pytest.approx(straight.volume_ml, rel=0.001)  # of voxels, not contour


def test_only_the_threshold_does_without_right_angles() -> None:
    assert {name for name, engine in ENGINES.items() if not engine.needs_right_angles} == {
        "threshold"
    }


def test_a_volume_at_right_angles_is_segmented_as_it_is(untilted: Volume) -> None:
    found = run_engine(untilted, "bone", SKULL_LEVEL)
    assert found.geometry == untilted.geometry
    assert "sheared_deg" not in found.parameters
    assert found.warnings == ()


@pytest.mark.parametrize("flip", ["i", "j", "k", "none"])
@pytest.mark.parametrize("tilt_deg", [0.0, TILT_DEG, -30.0])
def test_a_ball_is_closed_outward_and_where_it_was_on_any_grid(flip: str, tilt_deg: float) -> None:
    """The same voxels counted backwards along an axis: a left-handed grid."""
    volume = scan(SCENES["ball"](), Acquisition(tilt_deg=tilt_deg, noise_sd=0))
    surface = contour_of(run_engine(flipped(volume, flip), "threshold", {"lower_hu": -150}))
    straight = contour_of(run_engine(volume, "threshold", {"lower_hu": -150}))
    assert surface.is_watertight
    # signed: outward; the cubes' diagonals run the other way, which a slanting cube notices
    assert surface.volume_ml == pytest.approx(straight.volume_ml, rel=2e-4)
    assert surface.volume_ml > 0
    assert surface.bounds_mm == pytest.approx(straight.bounds_mm, abs=1e-3)  # float32 vertices


def flipped(volume: Volume, axis: str) -> Volume:
    """Return the volume with one axis turned round, every voxel where it was."""
    if axis == "none":
        return volume
    n = "ijk".index(axis)
    geometry = volume.geometry
    last = [0, 0, 0]
    last[n] = geometry.shape_kji[2 - n] - 1
    x, y, z = geometry.index_to_world(last).tolist()
    axes = list(geometry.direction)
    axes[n] = (-axes[n][0], -axes[n][1], -axes[n][2])
    turned = replace(geometry, origin=(x, y, z), direction=(axes[0], axes[1], axes[2]))
    voxels = np.ascontiguousarray(np.flip(volume.voxels, 2 - n))
    return replace(volume, voxels=voxels, geometry=turned)


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Volume]:
    folder = tmp_path_factory.mktemp("tilted") / "series"
    write_series(pedicle(), folder, Acquisition(spacing_mm=(1.5, 1.5, 2.0), tilt_deg=TILT_DEG))
    return folder, read_volume([folder])


def test_a_seg_of_a_sheared_grid_has_a_place_for_each_frame_and_reads_back(
    series: tuple[Path, Volume], tmp_path: Path
) -> None:
    folder, volume = series
    found = run_engine(volume, "threshold", {"lower_hu": 300})
    write_seg(tmp_path / "x.dcm", found, source_headers([folder], volume))
    again = read_seg(tmp_path / "x.dcm").on_grid(volume.geometry)
    np.testing.assert_array_equal(again.mask(1), found.mask)
    assert again.volume_ml(1) == pytest.approx(found.volume_ml)
    assert errors_of(tmp_path / "x.dcm") == []


def test_each_frame_of_that_seg_lies_on_the_slice_that_it_was_made_from(
    series: tuple[Path, Volume], tmp_path: Path
) -> None:
    """By the tags alone: position, orientation, and the instance that a frame refers to."""
    from pydicom import dcmread

    folder, volume = series
    found = run_engine(volume, "threshold", {"lower_hu": 300})
    sources = source_headers([folder], volume)
    write_seg(tmp_path / "x.dcm", found, sources)
    place_of = {one.SOPInstanceUID: one.ImagePositionPatient for one in sources}
    seg = dcmread(tmp_path / "x.dcm")
    assert seg.NumberOfFrames == len(sources)
    for frame in seg.PerFrameFunctionalGroupsSequence:
        place = frame.PlanePositionSequence[0].ImagePositionPatient
        derived = frame.DerivationImageSequence[0].SourceImageSequence[0]
        assert np.allclose(place, place_of[derived.ReferencedSOPInstanceUID], rtol=0, atol=1e-6)


def test_a_seg_of_a_straightened_volume_keeps_its_own_grid(
    series: tuple[Path, Volume], tmp_path: Path
) -> None:
    folder, volume = series
    straight = replace(to_right_angles(volume), warnings=())
    found = run_engine(straight, "threshold", {"lower_hu": 300})
    write_seg(tmp_path / "x.dcm", found, source_headers([folder], volume))
    again = read_seg(tmp_path / "x.dcm").on_grid(straight.geometry)
    np.testing.assert_array_equal(again.mask(1), found.mask)
    assert errors_of(tmp_path / "x.dcm") == []


def errors_of(path: Path) -> list[str]:
    ran = subprocess.run([DCIODVFY, path], capture_output=True, text=True, check=False)
    return [line for line in (ran.stdout + ran.stderr).splitlines() if line.startswith("Error")]


def test_segments_of_a_sheared_and_a_straight_grid_make_no_labelmap(
    series: tuple[Path, Volume],
) -> None:
    _, volume = series
    sheared = run_engine(volume, "threshold", {"lower_hu": 300})
    straight = run_engine(to_right_angles(volume), "threshold", {"lower_hu": 300})
    with pytest.raises(SegmentationError, match="different grids"):
        labelmap_of([sheared, straight])
    with pytest.raises(SegmentationError, match="another grid"):
        labelmap_of([sheared]).on_grid(straight.geometry)


@pytest.mark.parametrize("suffix", [".nrrd", ".nii.gz", ".mha"])
def test_a_sheared_label_map_becomes_a_surface_where_it_lies(suffix: str, tmp_path: Path) -> None:
    volume = scan(SCENES["ball"](), Acquisition(tilt_deg=TILT_DEG, noise_sd=0))
    found = run_engine(volume, "threshold", {"lower_hu": -150})
    write_array_image(tmp_path / f"x{suffix}", found.mask.astype(np.uint8), found.geometry)
    image = read_image(tmp_path / f"x{suffix}")
    surface = label_surface_of(image.voxels != 0, image.geometry).surface
    assert surface.is_watertight
    assert surface.volume_ml == pytest.approx(found.volume_ml, rel=0.03)  # what smoothing may do
    truth = contour_of(found)
    assert deviation_between(truth, surface).p95_mm < 0.5  # half a voxel: the mask's staircase


def test_bright_even_regions_alone_are_no_bone() -> None:
    volume = scan(SCENES["ball"](), Acquisition(spacing_mm=(3.0, 3.0, 5.0)))
    with pytest.raises(EmptySegmentError, match="blood_up_to_hu"):
        run_engine(volume, "bone", {})
