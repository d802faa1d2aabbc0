import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from imaging.dicom.reading import read_volume
from imaging.formats import read_image
from imaging.volume import Volume
from sample_data.acquisition import Acquisition
from sample_data.pedicle import pedicle
from sample_data.series import write_series
from segmentation.dicom_seg import read_seg, source_headers, write_seg
from segmentation.engines.engine import Segmentation
from segmentation.engines.table import run_engine
from segmentation.errors import SegmentationError

DCIODVFY = Path(sys.executable).parent / "dciodvfy"


def errors_of(path: Path) -> list[str]:
    ran = subprocess.run([DCIODVFY, path], capture_output=True, text=True, check=False)
    return [line for line in (ran.stdout + ran.stderr).splitlines() if line.startswith("Error")]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Volume, Segmentation]:
    folder = tmp_path_factory.mktemp("series") / "series"
    write_series(pedicle(), folder, Acquisition(spacing_mm=(1.5, 1.5, 2.0), seed=2))
    volume = read_volume([folder])
    return folder, volume, run_engine(volume, "threshold", {"lower_hu": 300})


def test_a_seg_reads_back_voxel_for_voxel_on_its_source_grid(
    scanned: tuple[Path, Volume, Segmentation], tmp_path: Path
) -> None:
    folder, volume, found = scanned
    write_seg(tmp_path / "x.dcm", found, source_headers([folder], volume))
    again = read_seg(tmp_path / "x.dcm").on_grid(volume.geometry)
    np.testing.assert_array_equal(again.mask(1), found.mask)
    assert again.volume_ml(1) == pytest.approx(found.volume_ml)
    (segment,) = again.segments
    assert (segment.name, segment.code) == (found.name, found.code)
    assert segment.colour == pytest.approx(found.colour, abs=2)  # CIELab has its own steps


def test_a_seg_has_no_dciodvfy_error_and_names_its_source(
    scanned: tuple[Path, Volume, Segmentation], tmp_path: Path
) -> None:
    folder, volume, found = scanned
    write_seg(tmp_path / "x.dcm", found, source_headers([folder], volume))
    assert errors_of(tmp_path / "x.dcm") == []
    seg = dcmread(tmp_path / "x.dcm")
    assert seg.SegmentationType == "BINARY"
    assert volume.frame_of_reference_uid == seg.FrameOfReferenceUID
    assert volume.study_uid == seg.StudyInstanceUID
    assert volume.series_uid == seg.ReferencedSeriesSequence[0].SeriesInstanceUID
    referenced = seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    assert len(referenced) == volume.geometry.shape_kji[0]


def test_writing_replaces_the_file_as_a_whole_and_leaves_nothing_beside_it(
    scanned: tuple[Path, Volume, Segmentation], tmp_path: Path
) -> None:
    folder, volume, found = scanned
    out = tmp_path / "x.dcm"
    out.write_bytes(b"old")
    write_seg(out, found, source_headers([folder], volume))
    assert list(tmp_path.iterdir()) == [out]
    assert read_seg(out).segments


def test_sources_that_are_gone_are_refused(
    scanned: tuple[Path, Volume, Segmentation], tmp_path: Path
) -> None:
    _, volume, _ = scanned
    other = tmp_path / "other"
    write_series(pedicle(), other, Acquisition(spacing_mm=(3.0, 3.0, 3.0), seed=9))
    with pytest.raises(SegmentationError, match="are gone"):
        source_headers([other], volume)


@pytest.mark.parametrize("content", [b"", b"no DICOM at all" * 30])
def test_a_file_that_is_no_seg_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(content)
    with pytest.raises(SegmentationError, match=r"x\.dcm is no DICOM Segmentation object"):
        read_seg(path)


def test_an_image_is_no_seg(scanned: tuple[Path, Volume, Segmentation]) -> None:
    folder, _, _ = scanned
    with pytest.raises(SegmentationError, match="is no DICOM Segmentation object"):
        read_seg(next(path for path in folder.rglob("*") if path.is_file()))


@pytest.mark.shared_data
def test_a_seg_of_another_maker_equals_its_reference(shared_data: Path) -> None:
    folder = shared_data / "04_ct_liver_seg_dcmqi"
    liver = read_seg(folder / "liver.dcm")
    assert liver.mask(1).sum() == 107_098
    reference = read_image(folder / "liver_seg.nrrd")
    again = liver.on_grid(reference.geometry)
    np.testing.assert_array_equal(again.mask(1), np.greater(reference.voxels, 0))


@pytest.mark.shared_data
def test_a_seg_whose_segments_overlap_is_refused_by_name(shared_data: Path) -> None:
    with pytest.raises(SegmentationError, match=r"overlap in partial_overlaps\.dcm"):
        read_seg(shared_data / "04_ct_liver_seg_dcmqi" / "partial_overlaps.dcm")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("series", "engine"),
    [
        ("03_cta_aortic_dissection_totalseg/dicom_derived", "bone"),
        ("02_mr_head_contrast_VS-SEG-001/dicom", "skin"),
    ],
)
def test_segs_of_real_series_validate_and_read_back(
    shared_data: Path, tmp_path: Path, series: str, engine: str
) -> None:
    paths = [shared_data / series]
    volume = read_volume(paths)
    found = run_engine(volume, engine, {})
    write_seg(tmp_path / "x.dcm", found, source_headers(paths, volume))
    assert errors_of(tmp_path / "x.dcm") == []
    again = read_seg(tmp_path / "x.dcm").on_grid(volume.geometry)
    np.testing.assert_array_equal(again.mask(1), found.mask)


def test_a_program_before_the_source_images_does_not_stand_before_the_seg(
    scanned: tuple[Path, Volume, Segmentation], tmp_path: Path
) -> None:
    """Row 45 of the abuse list: what we write begins with zeros, whatever we read."""
    folder, volume, found = scanned
    for path in folder.iterdir():
        program = b"MZ\x90\0 a program".ljust(128, b"\x01")
        (tmp_path / path.name).write_bytes(program + path.read_bytes()[128:])
    write_seg(tmp_path / "x.seg", found, source_headers([tmp_path], volume))
    assert (tmp_path / "x.seg").read_bytes()[:132] == bytes(128) + b"DICM"
