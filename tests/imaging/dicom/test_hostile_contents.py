"""Contents made to mislead: numbers that are none, mixtures, conflicts; named, never guessed at.

Numbers are rows of the abuse list. Each attack is first shown to bite a reader that trusts files.
"""

import ast
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from imaging.dicom.inspecting import inspect
from imaging.errors import ImagingError
from imaging.importing import import_volume, inspect_paths
from imaging.worker import Limits
from tests.imaging.dicom.planes import stack, tagged, write_planes
from tests.imaging.dicom.trusting_readers import (
    INSPECTING,
    MB,
    codes_here,
    naive,
    refusal_codes,
)
from tests.imaging.dicom.written_series import ROOT, save

NUMBERS = {
    "a place that is no number": ("ImagePositionPatient", b"NaN\\0\\0 ", "bad_number"),
    "an infinite place": ("ImagePositionPatient", b"0\\inf\\0 ", "bad_number"),
    "a direction that is no number": (
        "ImageOrientationPatient",
        b"1\\0\\0\\0\\nan\\0 ",
        "bad_number",
    ),
    "spacing that is no number": ("PixelSpacing", b"nan\\1 ", "bad_number"),
    "infinite spacing": ("PixelSpacing", b"inf\\inf ", "bad_number"),
    "spacing of nought": ("PixelSpacing", b"0\\0 ", "no_spacing"),
    "directions that coincide": (
        "ImageOrientationPatient",
        b"1\\0\\0\\1\\0\\0 ",
        "bad_orientation",
    ),
    "directions of nought": ("ImageOrientationPatient", b"0\\0\\0\\0\\0\\0 ", "bad_orientation"),
    "a slope that is no number": ("RescaleSlope", b"nan ", "bad_number"),
    "a number with underscores": ("ImagePositionPatient", b"1_000\\0\\0 ", "bad_number"),
}


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
@pytest.mark.parametrize("case", NUMBERS)
def test_46_what_is_no_sound_number_is_refused(tmp_path: Path, case: str) -> None:
    keyword, value, code = NUMBERS[case]

    def edit(dataset: Dataset, _number: int) -> None:
        tag = dataset[keyword].tag
        del dataset[keyword]
        dataset.add_new(tag, "UN", value + b" " * (len(value) % 2))

    write_planes(tmp_path, stack(3), edit=edit)
    assert {refused.code for refused in inspect([tmp_path]).refused} == {code}


def test_46_a_reader_that_trusts_positions_takes_any(tmp_path: Path) -> None:
    path = write_planes(tmp_path, stack(1))[0]
    data = path.read_bytes()
    old = data[data.index(b"\x20\x00\x32\x00DS") :][:8]
    at = data.index(old)
    (length,) = struct.unpack_from("<H", data, at + 6)
    value = b"nan\\nan\\nan".ljust(length, b" ")
    path.write_bytes(data[: at + 8] + value + data[at + 8 + length :])
    taken = naive(
        "import sys, pydicom; print(float(pydicom.dcmread(sys.argv[1]).ImagePositionPatient[0]))",
        path,
    )
    assert taken == "nan"
    assert refusal_codes(tmp_path) == {"bad_number"}


ITK_COUNT = """
import sys, SimpleITK
reader = SimpleITK.ImageSeriesReader()
names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(sys.argv[1])
reader.SetFileNames(names)
image = reader.Execute()
print(image.GetDepth())
"""


def test_47_a_reader_that_trusts_the_series_merges_two_patients_in_one_picture(
    tmp_path: Path,
) -> None:
    planes = [*stack(3), *tagged(stack(3, origin=(-31.5, 12.25, 107.5)), PatientID="OTHER")]
    write_planes(tmp_path, planes)
    assert naive(ITK_COUNT, tmp_path) == "6"
    assert len(inspect_paths([tmp_path]).volumes) == 2


def test_48_a_reader_that_trusts_the_series_closes_a_gap_without_a_word(tmp_path: Path) -> None:
    paths = write_planes(tmp_path, stack(9))
    paths[3].unlink()
    assert naive(ITK_COUNT, tmp_path) == "8"
    assert refusal_codes(tmp_path) == {"missing_slice"}


def test_52_a_worker_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    """Nobody waits for a file: the deadline stands in the limits of every call."""
    write_planes(tmp_path, stack(3))
    with pytest.raises(ImagingError) as error:
        inspect_paths([tmp_path], limits=Limits(memory_bytes=512 * MB, seconds=0.01))
    assert error.value.code == "time_limit"


FETCHERS = ("urllib", "http", "socket", "requests", "httpx", "aiohttp", "ftplib")


def test_53_nothing_in_imaging_fetches_an_address() -> None:
    """RetrieveURL, FrameOfReference URLs and their like are never followed: no module could."""
    root = Path(__file__).resolve().parents[3] / "imaging"
    for module in root.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & set(FETCHERS), module.name


def test_54_one_identifier_with_other_pixels_is_a_conflict(tmp_path: Path) -> None:
    planes = [*stack(3), stack(3)[1].tagged(SOPInstanceUID=f"{ROOT}.1.2")]
    paths = write_planes(tmp_path, planes)
    overwritten = naive(
        "import sys, pydicom\n"
        "kept = {}\n"
        "for name in sys.argv[1:]:\n"
        "    dataset = pydicom.dcmread(name)\n"
        "    kept[dataset.SOPInstanceUID] = dataset.PixelData\n"
        "print(len(kept))",
        *paths,
    )
    assert overwritten == "3"  # of four: the last one wins
    assert refusal_codes(tmp_path) == {"conflicting_instance"}


FORMS: dict[str, Callable[[Path], object]] = {
    "a link to itself": lambda folder: (folder / "loop.dcm").symlink_to(folder / "loop.dcm"),
    "a link to a device": lambda folder: (folder / "zero.dcm").symlink_to("/dev/zero"),
    "a name that is no text": lambda folder: Path(
        str(folder).encode().decode() + "/\udcff.dcm"
    ).write_bytes(b"nothing"),
}


@pytest.mark.parametrize("form", FORMS)
def test_odd_files_beside_a_series_do_no_harm(tmp_path: Path, form: str) -> None:
    write_planes(tmp_path, stack(3))
    FORMS[form](tmp_path)
    assert import_volume([tmp_path], limits=INSPECTING).voxels.shape == (3, 5, 4)


def test_half_of_a_file_meta_is_no_dicom_or_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    dataset = Dataset()
    dataset.SOPInstanceUID = ROOT
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.PixelData = b"\0\0"
    save(dataset, path)
    whole = path.read_bytes()
    for length in range(128, len(whole), 9):
        path.write_bytes(whole[:length])
        assert codes_here(tmp_path) <= {
            "truncated_file",
            "no_dicom",
            "unreadable_file",
            "no_position",
            "bits_allocated",
            "photometric",
            "bad_number",
        }
