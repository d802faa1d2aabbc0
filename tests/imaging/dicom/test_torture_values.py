"""How values are kept: every way of it gives the values that were measured, or is refused."""

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from imaging.volume import Volume
from tests.imaging.dicom.planes import (
    PLACE_TOLERANCE_MM,
    Edit,
    held_planes,
    keep,
    stack,
    worst_mm,
    write_planes,
)
from tests.imaging.dicom.written_series import MR

PLANES = stack(6)
NUMBERS = np.arange(120).reshape(6, 5, 4)
"""What is stored, plane by plane."""


def read(folder: Path, edit: Edit = keep, syntax: str = ExplicitVRLittleEndian) -> Volume:
    write_planes(folder, PLANES, edit=edit, syntax=syntax)
    return read_volume([folder])


def codes(volume: Volume) -> list[str]:
    return [code for code, _ in volume.warnings]


def stored(values: NDArray[np.generic], **tags: object) -> Edit:
    """Return an edit that keeps other values, (6, 5, 4), and says so."""

    def edit(dataset: Dataset, number: int) -> None:
        dataset.PixelData = values[number].tobytes()
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)

    return edit


def without_meta(path: Path) -> None:
    """Leave nothing before the data set: no preamble, no file meta information."""
    data = path.read_bytes()
    length = int.from_bytes(data[140:144], "little")  # of the group, after its own element
    path.write_bytes(data[144 + length :])


def without_preamble(path: Path) -> None:
    path.write_bytes(path.read_bytes()[132:])


def deflated(path: Path) -> None:
    from pydicom import dcmread
    from pydicom.uid import DeflatedExplicitVRLittleEndian

    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)


FILES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "explicit little endian": (ExplicitVRLittleEndian, lambda _: None),
    "implicit": (ImplicitVRLittleEndian, lambda _: None),
    "big endian": (ExplicitVRBigEndian, lambda _: None),
    "deflated": (ExplicitVRLittleEndian, deflated),
    "no preamble": (ExplicitVRLittleEndian, without_preamble),
    "no preamble, implicit": (ImplicitVRLittleEndian, without_preamble),
    "no preamble, big endian": (ExplicitVRBigEndian, without_preamble),
    "no meta": (ExplicitVRLittleEndian, without_meta),
    "no meta, implicit": (ImplicitVRLittleEndian, without_meta),
    "no meta, big endian": (ExplicitVRBigEndian, without_meta),
}


@pytest.mark.parametrize("case", FILES)
def test_every_way_to_write_a_file_gives_the_same_volume(tmp_path: Path, case: str) -> None:
    syntax, change = FILES[case]
    for path in write_planes(tmp_path, PLANES, syntax=syntax):
        change(path)
    volume = read_volume([tmp_path])
    assert held_planes(volume, PLANES) == set(range(6))
    assert worst_mm(volume, PLANES) < PLACE_TOLERANCE_MM
    assert volume.warnings == ()
    assert volume.voxels.dtype == np.int16


def test_files_of_every_kind_make_one_volume(tmp_path: Path) -> None:
    for number, (syntax, change) in enumerate(FILES.values()):
        if number < 6:
            folder = tmp_path / str(number)
            paths = write_planes(folder, PLANES, syntax=syntax)
            change(paths[number])
            for path in paths:
                if path != paths[number]:
                    path.unlink()
    volume = read_volume([tmp_path])
    assert held_planes(volume, PLANES) == set(range(6))


def test_nested_folders_with_junk_are_one_series_and_the_junk_is_told(tmp_path: Path) -> None:
    from imaging.dicom.inspecting import inspect

    for at, path in enumerate(write_planes(tmp_path, PLANES)):
        folder = tmp_path / f"{'deep/' * (at + 1)}{at}"
        folder.mkdir(parents=True)
        path.rename(folder / f"IM{at}")
    junk = {
        "Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(2000),
        "report.pdf": b"%PDF-1.7\n" + bytes(500),
        "viewer.exe": b"MZ" + bytes(3000),
        "notes.txt": b"nothing",
        ".DS_Store": b"\0\0\0\1Bud1" + bytes(500),
        "empty": b"",
    }
    for name, content in junk.items():
        (tmp_path / "deep" / name).write_bytes(content)
    found = inspect([tmp_path])
    assert [volume.shape_kji for volume in found.volumes] == [(6, 5, 4)]
    assert {Path(one.file).name for one in found.skipped} == set(junk)
    assert held_planes(read_volume([tmp_path]), PLANES) == set(range(6))


SIGNED = np.array(NUMBERS - 60, "<i2")
VALUES: dict[str, tuple[Edit, NDArray[np.generic], tuple[str, ...]]] = {
    "unsigned": (keep, NUMBERS - 1024, ()),
    "unsigned beyond 32767": (
        stored((NUMBERS + 65_000).astype("<u2"), RescaleIntercept="-40000"),
        NUMBERS + 25_000,
        (),
    ),
    "unsigned beyond what int16 holds": (
        stored((NUMBERS + 65_000).astype("<u2")),
        NUMBERS + 63_976,
        (),
    ),
    "signed": (stored(SIGNED, PixelRepresentation=1, RescaleIntercept="0"), SIGNED, ()),
    "signed, 12 bits of 16": (
        stored(
            SIGNED & 0x0FFF, PixelRepresentation=1, BitsStored=12, HighBit=11, RescaleIntercept="0"
        ),
        SIGNED,
        (),
    ),
    "12 bits, high in the word": (
        stored((NUMBERS << 4).astype("<u2"), BitsStored=12, HighBit=15),
        NUMBERS - 1024,
        (),
    ),
    "8 bits": (
        stored(NUMBERS.astype("u1"), BitsAllocated=8, BitsStored=8, HighBit=7),
        NUMBERS - 1024,
        (),
    ),
    "overlay in bit 12": (
        stored((NUMBERS | 0x1000).astype("<u2"), BitsStored=12, HighBit=11),
        NUMBERS - 1024,
        ("high_bits",),
    ),
    "overlay in bit 15 here and there": (
        stored((NUMBERS | (0x8000 * (NUMBERS % 7 == 0))).astype("<u2"), BitsStored=12, HighBit=11),
        NUMBERS - 1024,
        ("high_bits",),
    ),
    "overlay over signed values": (
        stored(
            (SIGNED & 0x0FFF) | 0x1000,
            PixelRepresentation=1,
            BitsStored=12,
            HighBit=11,
            RescaleIntercept="0",
        ),
        SIGNED,
        (),
    ),
    "shown inverted": (
        stored(NUMBERS.astype("<u2"), PhotometricInterpretation="MONOCHROME1"),
        NUMBERS - 1024,
        ("inverted_display",),
    ),
    "a slope that is no whole number": (
        stored(NUMBERS.astype("<u2"), RescaleSlope="0.25", RescaleIntercept="-3.5"),
        NUMBERS * 0.25 - 3.5,
        (),
    ),
    "no rescale at all": (
        stored(
            NUMBERS.astype("<u2"),
            SOPClassUID=MR,
            Modality="MR",
            RescaleSlope=None,
            RescaleIntercept=None,
        ),
        NUMBERS,
        (),
    ),
}


@pytest.mark.parametrize("case", VALUES)
def test_values_are_as_measured(tmp_path: Path, case: str) -> None:
    edit, wanted, told = VALUES[case]
    volume = read(tmp_path, edit)
    assert np.array_equal(volume.voxels, wanted)
    assert codes(volume) == list(told)
    whole = np.array_equal(wanted, np.rint(wanted)) and np.abs(wanted).max() < 32_768
    assert volume.voxels.dtype == (np.int16 if whole else np.float32)


def test_each_slice_has_a_slope_of_its_own(tmp_path: Path) -> None:
    def edit(dataset: Dataset, number: int) -> None:
        dataset.SOPClassUID, dataset.Modality = MR, "MR"
        dataset.RescaleSlope = f"{0.1 * (number + 1):.6f}"
        dataset.RescaleIntercept = f"{-number}"

    voxels = read(tmp_path, edit).voxels
    k = np.arange(6).reshape(6, 1, 1)
    # float32 keeps 24 bits, so values up to 72 are good to 4e-6
    assert np.allclose(voxels, NUMBERS * np.round(0.1 * (k + 1), 6) - k, rtol=0, atol=4e-6)


@pytest.mark.parametrize("slope", ["1e300", "-1e39", "1e-320"])
def test_a_slope_beyond_what_a_scanner_measures_is_refused(tmp_path: Path, slope: str) -> None:
    write_planes(tmp_path, PLANES, edit=lambda dataset, _: setattr(dataset, "RescaleSlope", slope))
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "bad_rescale"


def test_an_intercept_beyond_what_a_scanner_measures_is_refused(tmp_path: Path) -> None:
    write_planes(
        tmp_path, PLANES, edit=lambda dataset, _: setattr(dataset, "RescaleIntercept", "1e300")
    )
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "bad_rescale"


def padded(value: int, **tags: object) -> Edit:
    """Return an edit that pads the first three values of each plane."""
    values = NUMBERS.astype("<u2").copy()
    values.reshape(6, -1)[:, :3] = value & 0xFFFF

    def edit(dataset: Dataset, number: int) -> None:
        stored(values, **tags)(dataset, number)
        representation = "SS" if dataset.PixelRepresentation else "US"
        dataset.add_new("PixelPaddingValue", representation, value)

    return edit


PADDING: dict[str, tuple[Edit, float, tuple[str, ...]]] = {
    "63536 beside 12 bits": (
        padded(63_536, BitsStored=12, HighBit=11),
        -1024,
        ("padding_replaced",),
    ),
    "the highest of 16 bits": (padded(0xFFFF), -1021, ("padding_replaced",)),
    "the highest of 16 bits, in MR": (
        padded(0xFFFF, SOPClassUID=MR, Modality="MR", RescaleIntercept="0"),
        3,
        ("padding_replaced",),
    ),
    "-2000 stays": (
        padded(-2000, PixelRepresentation=1, RescaleIntercept="0"),
        -2000,
        (),
    ),
    "-2000 stays beside an intercept": (
        padded(-976, PixelRepresentation=1, RescaleIntercept="-1024"),
        -2000,
        (),
    ),
    "nought stays, that is -1024": (padded(0), -1024, ()),
    "amid other values it stays and is told": (
        padded(10, RescaleIntercept="0"),
        10,
        ("padding_kept",),
    ),
}


@pytest.mark.parametrize("case", PADDING)
def test_padding_never_passes_for_anatomy(tmp_path: Path, case: str) -> None:
    edit, wanted, told = PADDING[case]
    volume = read(tmp_path, edit)
    first = volume.voxels.reshape(6, -1)
    assert set(first[0, :3].tolist()) == {wanted}
    assert codes(volume) == list(told)
    intercept = -1024 if wanted in {-1024, -1021, -2000} and case != "-2000 stays" else 0
    assert np.array_equal(first[:, 3:], NUMBERS.reshape(6, -1)[:, 3:] + intercept)


def test_high_padding_in_air_at_zero_becomes_air(tmp_path: Path) -> None:
    """Where nothing of the slice is lower than -1000 HU, padding becomes -1000."""
    volume = read(tmp_path, padded(0xFFFF, RescaleIntercept="0"))
    assert set(volume.voxels.reshape(6, -1)[:, :3].ravel().tolist()) == {-1000}
    assert codes(volume) == ["padding_replaced"]


def test_twelve_bits_packed_are_right_or_refused(tmp_path: Path) -> None:
    """dcm2niix reads garbage without a word."""

    def edit(dataset: Dataset, number: int) -> None:
        low, high = NUMBERS[number].reshape(-1, 2).T
        triples = np.stack([low & 0xFF, (low >> 8) | ((high & 0xF) << 4), high >> 4], axis=1)
        dataset.PixelData = triples.astype("u1").tobytes()
        dataset.BitsAllocated = dataset.BitsStored = 12
        dataset.HighBit = 11

    write_planes(tmp_path, PLANES, edit=edit)
    try:
        volume = read_volume([tmp_path])
    except ImagingError as refusal:
        assert refusal.code == "bits_allocated"  # noqa: PT017 - either is right
    else:
        assert np.array_equal(volume.voxels, NUMBERS - 1024)


def test_a_deflated_file_with_more_behind_it_is_read(tmp_path: Path) -> None:
    for path in write_planes(tmp_path, PLANES):
        deflated(path)
        path.write_bytes(path.read_bytes() + zlib.compress(bytes(100)))
    assert held_planes(read_volume([tmp_path]), PLANES) == set(range(6))
