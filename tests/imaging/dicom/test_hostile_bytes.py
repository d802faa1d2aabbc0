"""Bytes made to harm: a named refusal, within the worker's limits, and the parent feels nothing.

Numbers are rows of the abuse list. Each attack is first shown to bite a reader that trusts files.
"""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, RLELossless

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.importing import IMPORT_LIMITS
from tests.imaging.dicom.planes import Edit, stack, tagged, write_planes
from tests.imaging.dicom.trusting_readers import MB, naive, refusal_codes

READ_ALL = """
import sys, pydicom
dataset = pydicom.dcmread(sys.argv[1], force=True)
print(len(list(dataset.iterall())))
"""

RESIDENT = """
import resource, sys, pydicom
pydicom.dcmread(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def deflate_bomb(path: Path, inflated_bytes: int) -> None:
    """Turn a plain file into a deflated one that grows by so much."""
    plain = path.read_bytes()
    uid = b"1.2.840.10008.1.2.1\0"
    start = plain.index(uid) + len(uid)
    tail = struct.pack("<HH2sHI", 0xFFFC, 0xFFFC, b"OB", 0, inflated_bytes)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflater.compress(_meta_ends(plain, start) + tail)
    for _ in range(inflated_bytes // (16 * MB)):
        body += deflater.compress(bytes(16 * MB))
    head = plain[:start].replace(b"UI\x14\0" + uid, b"UI\x16\0" + b"1.2.840.10008.1.2.1.99")
    rest = plain[start : _dataset_at(plain)]
    length = struct.unpack_from("<I", head, 140)[0] + 2
    head = head[:140] + struct.pack("<I", length) + head[144:]
    path.write_bytes(head + rest + body + deflater.flush())


def _dataset_at(plain: bytes) -> int:
    return 144 + int(struct.unpack_from("<I", plain, 140)[0])


def _meta_ends(plain: bytes, _start: int) -> bytes:
    return plain[_dataset_at(plain) :]


def test_39_a_deflate_bomb_is_refused(tmp_path: Path) -> None:
    """272 MB out of 0.3 MB; the worker has less than that for everything."""
    path = write_planes(tmp_path, stack(1))[0]
    deflate_bomb(path, 272 * MB)
    assert path.stat().st_size < MB
    assert int(naive(RESIDENT, path)) > 256
    assert refusal_codes(tmp_path) == {"inflates_too_far"}


def test_39_a_deflated_file_that_is_itself_enormous_is_refused(tmp_path: Path) -> None:
    """A sparse file of ten gigabytes: reading it whole would take the worker's memory."""
    path = write_planes(tmp_path, stack(1))[0]
    deflate_bomb(path, 16 * MB)
    with path.open("r+b") as file:
        file.truncate(10 * 2**30)
    assert "MemoryError" in naive(READ_ALL, path)
    codes = refusal_codes(tmp_path)
    assert codes <= {"single_slice", "inflates_too_far"}
    assert codes


def lying(**tags: object) -> Edit:
    def edit(dataset: Dataset, _number: int) -> None:
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)

    return edit


def rle_of_nothing(dataset: Dataset, _number: int) -> None:
    dataset.PixelData = encapsulate([struct.pack("<16I", 2, 64, 66, *[0] * 13) + bytes(4)])


DECODE = """
import sys, pydicom
pixels = pydicom.dcmread(sys.argv[1]).pixel_array
print(pixels.nbytes)
"""


@pytest.mark.parametrize("side", [60_000, 16_384])
def test_40_an_rle_image_that_lies_about_its_size_is_refused(tmp_path: Path, side: int) -> None:
    def edit(dataset: Dataset, number: int) -> None:
        rle_of_nothing(dataset, number)
        dataset.Rows = dataset.Columns = side

    path = write_planes(tmp_path, stack(3), edit=edit, syntax=RLELossless)[0]
    if side > 50_000:
        assert "emory" in naive(DECODE, path, memory_mb=768)  # 6.7 GiB, out of 68 bytes
        assert refusal_codes(tmp_path) == {"bad_matrix"}
        return
    assert refusal_codes(tmp_path) == {"memory_limit"}  # 1.5 GiB of voxels, in 0.5
    assert refusal_codes(tmp_path, IMPORT_LIMITS) == {"damaged_pixels"}


J2K_PEAK = """
import re, sys, imagecodecs
def peak():
    return int(re.search(r"VmPeak:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
stream = open(sys.argv[1], "rb").read()
try:
    imagecodecs.jpeg2k_decode(b"")
except Exception:
    pass
before = peak()
try:
    imagecodecs.jpeg2k_decode(stream)
except Exception:
    pass
print(peak() - before)
"""


def test_40_a_jpeg_2000_image_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """Its stream states 20,000 x 20,000 in a few bytes; the header states 5 x 4."""
    import imagecodecs

    stream = bytearray(imagecodecs.jpeg2k_encode(np.zeros((5, 4), np.uint16), codecformat="J2K"))
    at = stream.index(b"\xff\x51") + 6
    stream[at : at + 8] = struct.pack(">2I", 20_000, 20_000)
    at += 16
    stream[at : at + 8] = struct.pack(">2I", 20_000, 20_000)

    def edit(dataset: Dataset, _number: int) -> None:
        dataset.PixelData = encapsulate([bytes(stream) + b"\0" * (len(stream) % 2)])

    write_planes(tmp_path, stack(3), edit=edit, syntax=JPEG2000Lossless)
    (tmp_path.parent / "bare.j2k").write_bytes(bytes(stream))
    asked = naive(J2K_PEAK, tmp_path.parent / "bare.j2k", memory_mb=4096)
    assert int(asked) > 512
    assert refusal_codes(tmp_path) == {"damaged_pixels"}


def bogus(path: Path, length: int) -> None:
    """Put an element of no known representation, with a length that lies, behind the file meta."""
    data = path.read_bytes()
    at = _dataset_at(data)
    path.write_bytes(data[:at] + b"\2\0\2\1ZZ\0\0" + struct.pack("<I", length) + data[at:])


ITK_LEAK = """
import re, sys, SimpleITK
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
before = resident()
for _ in range(3):
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(sys.argv[1])
    try:
        reader.Execute()
    except RuntimeError:
        pass
print(resident() - before)
"""


def test_41_files_of_a_false_representation_leave_the_parent_as_it_was(tmp_path: Path) -> None:
    """SimpleITK keeps what it allocated for the length that such a file states, each time."""
    paths = write_planes(tmp_path, stack(100))
    for path in paths:
        bogus(path, 150 * MB)
    assert int(naive(ITK_LEAK, paths[0])) > 400  # MB, of three reads of 150
    codes = refusal_codes(tmp_path)
    assert codes
    assert codes <= {"unreadable_file", "truncated_file"}


def test_42_thousands_of_nested_sequences_are_refused(tmp_path: Path) -> None:
    path = write_planes(tmp_path, stack(1))[0]
    data = path.read_bytes()
    at = data.index(b"\x28\x00\x02\x00US")
    nested = b"\x20\x00\x40\x91SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path.write_bytes(data[:at] + nested * 5000 + data[at:])
    assert "RecursionError" in naive(READ_ALL, path)
    assert refusal_codes(tmp_path) == {"unreadable_file"}


@pytest.mark.parametrize("where", ["at the top", "in a sequence"])
def test_43_half_a_million_elements_are_refused(tmp_path: Path, where: str) -> None:
    path = write_planes(tmp_path, stack(1))[0]
    data = path.read_bytes()
    at = data.index(b"\x28\x00\x02\x00US")
    many = b"\x11\x00\x01\x10SS\x02\0\x07\0" * 500_000
    if where == "in a sequence":
        head = b"\x20\x00\x40\x91SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
        many = head + many + b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    else:
        many = b"".join(
            struct.pack("<HH2sHh", 0x11 + 2 * (n >> 15), n & 0x7FFF, b"SS", 2, 7)
            for n in range(500_000)
        )
    path.write_bytes(data[:at] + many + data[at:])
    if where == "at the top":
        count = "import sys, pydicom; print(len(pydicom.dcmread(sys.argv[1])))"
        assert int(naive(count, path)) > 500_000
    assert refusal_codes(tmp_path) == {"unreadable_file"}


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_44_identifiers_that_climb_out_of_a_folder_name_nothing_on_the_disk(
    tmp_path: Path,
) -> None:
    climbing = f"../../../{tmp_path.name}/outside"
    tags = {
        "SOPInstanceUID": climbing,
        "SeriesInstanceUID": climbing,
        "StudyInstanceUID": climbing,
        "FrameOfReferenceUID": climbing,
    }
    paths = write_planes(tmp_path / "in", tagged(stack(3), **tags))
    accepted = naive(
        "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).SeriesInstanceUID)", paths[0]
    )
    assert accepted == climbing  # a reader that names a file after it writes outside
    for one in inspect([tmp_path / "in"]).volumes:
        assert one.id.isalnum()
    refusal_codes(tmp_path / "in")  # nothing is written beside
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


PREAMBLES = {
    "MZ": b"MZ\x90\0" + bytes(range(1, 100)),
    "ELF": b"\x7fELF\2\1\1" + bytes(range(1, 60)),
    "HTML": b"<html><script>alert(1)</script>",
    "shell": b"#!/bin/sh\nrm -rf ~\n",
}


@pytest.mark.parametrize("kind", PREAMBLES)
def test_45_a_program_before_the_data_set_is_told(tmp_path: Path, kind: str) -> None:
    for path in write_planes(tmp_path, stack(3)):
        path.write_bytes(PREAMBLES[kind].ljust(128, b"\0") + path.read_bytes()[128:])
    if kind == "MZ":
        silent = naive(
            "import sys, pydicom; print(pydicom.dcmread(sys.argv[1]).preamble[:2].decode())", path
        )
        assert silent == "MZ"
    volume = read_volume([tmp_path])
    assert [code for code, _ in volume.warnings] == ["foreign_preamble"]


def test_45_a_preamble_of_zeros_or_of_tiff_is_not_told(tmp_path: Path) -> None:
    for number, path in enumerate(write_planes(tmp_path, stack(3))):
        preamble = (b"II*\0" if number else b"").ljust(128, b"\0")
        path.write_bytes(preamble + path.read_bytes()[128:])
    assert read_volume([tmp_path]).warnings == ()
