"""`commissure inspect` and `convert` of images, and of tilted series onto other grids."""

from pathlib import Path

import numpy as np
import pytest

from imaging.formats import SUFFIXES, read_image, write_volume
from sample_data.acquisition import Acquisition
from sample_data.scenes import SCENES
from sample_data.series import write_series
from tests.imaging.dicom import written_series
from tests.imaging.image_files.grids import SHEARED, volume_on
from tests.workspace.test_inspect_and_convert import VOLUME_KEYS, commissure, document, sentence

FLOAT32_MM = 1e-4
"""Of a NIfTI affine."""


@pytest.fixture(scope="module")
def tilted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tilted") / "series"
    acquisition = Acquisition(spacing_mm=(2.0, 2.0, 3.0), tilt_deg=16.5)
    write_series(SCENES["ball"](), folder, acquisition)
    return folder


@pytest.mark.parametrize("given", SUFFIXES)
@pytest.mark.parametrize("wanted", [".nii.gz", ".nrrd", ".mha"])
def test_each_format_is_converted_to_each_other(tmp_path: Path, given: str, wanted: str) -> None:
    write_volume(tmp_path / f"x{given}", volume_on(SHEARED, np.float32))
    written = document("convert", tmp_path / f"x{given}", "--out", tmp_path / f"y{wanted}")
    assert written["modality"] == ""
    assert not written["hu"]
    image = read_image(tmp_path / f"y{wanted}")
    assert np.array_equal(image.voxels, volume_on(SHEARED, np.float32).voxels)
    affine = image.geometry.affine_lps
    assert np.allclose(affine, SHEARED.affine_lps, rtol=0, atol=FLOAT32_MM)


def test_a_series_and_an_image_beside_it_are_both_inspected(tmp_path: Path) -> None:
    written_series.write_series(tmp_path / "series")
    write_volume(tmp_path / "labels.nii.gz", volume_on(SHEARED))
    found = document("inspect", tmp_path)
    assert [volume["modality"] for volume in found["volumes"]] == ["CT", ""]
    assert all(set(volume) == VOLUME_KEYS for volume in found["volumes"])
    assert found == document("inspect", tmp_path)
    chosen = found["volumes"][1]["id"]
    out = tmp_path / "y.nrrd"
    written = document("convert", tmp_path, "--volume", chosen, "--out", out)
    assert written["shape_kji"] == [4, 5, 6]


def test_people_are_told_that_an_image_states_no_unit(tmp_path: Path) -> None:
    write_volume(tmp_path / "x.mha", volume_on(SHEARED))
    done = commissure("convert", tmp_path / "x.mha", "--out", tmp_path / "y.nrrd")
    assert done.returncode == 0
    assert "4 x 5 x 6 voxels, no unit stated" in done.stdout


def test_a_broken_image_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.nii.gz").write_bytes(b"\x1f\x8b not gzip")
    assert "x.nii.gz is not what its suffix says" in sentence(
        "convert", tmp_path / "x.nii.gz", "--out", tmp_path / "y.nrrd"
    )


def test_a_tilted_series_is_written_as_it_was_scanned(tilted: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.nrrd"
    written = document("convert", tilted, "--out", out)
    assert [warning["code"] for warning in written["warnings"]] == ["gantry_tilt"]
    assert not read_image(out).geometry.is_right_angled


def test_on_request_it_is_written_at_right_angles_and_says_so(tilted: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.nii.gz"
    written = document("convert", tilted, "--right-angles", "--out", out)
    assert "resampled" in [warning["code"] for warning in written["warnings"]]
    geometry = read_image(out).geometry
    assert geometry.is_right_angled
    assert geometry.spacing == pytest.approx((2.0, 2.0, 3.0 * np.cos(np.radians(16.5))), rel=1e-6)
    assert np.allclose(written["affine_lps"], geometry.affine_lps, rtol=0, atol=FLOAT32_MM)


def test_on_request_all_axes_have_one_spacing(tilted: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.mha"
    written = document("convert", tilted, "--spacing", "2.5", "--out", out)
    assert written["spacing_mm"] == [2.5, 2.5, 2.5]
    assert "resampled" in [warning["code"] for warning in written["warnings"]]
    assert read_image(out).geometry.spacing == (2.5, 2.5, 2.5)


@pytest.mark.parametrize("spacing", ["0", "-1", "nan", "1000"])
def test_a_spacing_that_makes_no_sense_is_a_misuse(
    tilted: Path, tmp_path: Path, spacing: str
) -> None:
    line = sentence("convert", tilted, f"--spacing={spacing}", "--out", tmp_path / "x.mha", code=2)
    assert "--spacing takes" in line
