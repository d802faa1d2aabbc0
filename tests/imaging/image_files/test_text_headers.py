"""NRRD and MetaImage as others write them are read; what lies or links is refused by name."""

import gzip
import zlib
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import RefusedFileError, SourceError
from imaging.formats import SUFFIXES, read_image, write_volume
from tests.imaging.image_files.grids import SHEARED, volume_on

VALUES = np.arange(120, dtype="<i2").reshape(4, 5, 6)

NRRD = """NRRD0005
# a comment: not a field
type: signed short
dimension: 3
space: {space}
sizes: 6 5 4
space directions: (0.5,0,0) (0,0.75,0) (0.1,-0.2,2)
kinds: domain domain domain
endian: little
encoding: raw
space origin: (10,20,30)
measurement frame: (0,1,0) (1,0,0) (0,0,1)
some key:=some: value

"""

META = """ObjectType = Image
NDims = 3
BinaryData = True
BinaryDataByteOrderMSB = False
CompressedData = False
TransformMatrix = 1 0 0 0 1 0 0 0.28 0.96
Offset = 10 20 30
CenterOfRotation = 0 0 0
ElementSpacing = 0.5 0.75 2
DimSize = 6 5 4
ElementType = MET_SHORT
ElementDataFile = LOCAL
"""


def file(folder: Path, name: str, head: str, data: bytes = VALUES.tobytes()) -> Path:
    (folder / name).write_bytes(head.encode() + data)
    return folder / name


def refused(path: Path, code: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_image(path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("space", "signs"),
    [
        ("left-posterior-superior", (1, 1, 1)),
        ("LPS", (1, 1, 1)),
        ("right-anterior-superior", (-1, -1, 1)),
        ("RAS", (-1, -1, 1)),
        ("left-anterior-superior", (1, -1, 1)),
        ("LAS", (1, -1, 1)),
    ],
)
def test_each_space_of_nrrd_is_turned_to_lps(
    tmp_path: Path, space: str, signs: tuple[int, int, int]
) -> None:
    volume = read_image(file(tmp_path, "x.nrrd", NRRD.format(space=space)))
    place = np.array((10 + 0.5 * 5 + 0.1 * 3, 20 + 0.75 * 4 - 0.2 * 3, 30 + 2 * 3)) * signs
    assert np.allclose(volume.geometry.index_to_world((5, 4, 3)), place, rtol=0, atol=1e-9)  # mm
    assert np.array_equal(volume.voxels, VALUES)


def test_the_transform_of_metaimage_names_one_axis_after_the_other(tmp_path: Path) -> None:
    volume = read_image(file(tmp_path, "x.mha", META))
    place = (10 + 0.5 * 5, 20 + 0.75 * 4 + 0.28 * 2 * 3, 30 + 0.96 * 2 * 3)
    assert np.allclose(volume.geometry.index_to_world((5, 4, 3)), place, rtol=0, atol=1e-9)  # mm
    assert np.array_equal(volume.voxels, VALUES)


def test_big_endian_values_are_turned(tmp_path: Path) -> None:
    big = VALUES.astype(">i2").tobytes()
    nrrd = NRRD.format(space="LPS").replace("little", "big")
    assert np.array_equal(read_image(file(tmp_path, "x.nrrd", nrrd, big)).voxels, VALUES)
    meta = META.replace("MSB = False", "MSB = True")
    assert np.array_equal(read_image(file(tmp_path, "x.mha", meta, big)).voxels, VALUES)


def test_packed_values_are_unpacked(tmp_path: Path) -> None:
    nrrd = NRRD.format(space="LPS").replace("raw", "gz")
    packed = gzip.compress(VALUES.tobytes())
    assert np.array_equal(read_image(file(tmp_path, "x.nrrd", nrrd, packed)).voxels, VALUES)
    meta = META.replace("CompressedData = False", "CompressedData = True")
    packed = zlib.compress(VALUES.tobytes())
    assert np.array_equal(read_image(file(tmp_path, "x.mha", meta, packed)).voxels, VALUES)


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    for name, head in (("x.nrrd", NRRD.format(space="LPS")), ("x.mha", META)):
        path = file(tmp_path, name, head.replace("\n", "\r\n"))
        assert np.array_equal(read_image(path).voxels, VALUES)


HOSTILE_NRRD = {
    "a data file": ("encoding: raw", "encoding: raw\ndata file: /etc/passwd", "external_data"),
    "a datafile": ("encoding: raw", "encoding: raw\nDataFile: LIST", "external_data"),
    "no origin": ("space origin", "# space origin", "no_geometry"),
    "no directions": ("space directions", "# space directions", "no_geometry"),
    "no space": ("space: LPS", "# space: LPS", "no_geometry"),
    "a space without a patient": ("space: LPS", "space: scanner-xyz", "no_geometry"),
    "no magic word": ("NRRD0005", "NRRX0005", "unreadable_file"),
    "other sizes": ("sizes: 6 5 4", "sizes: 6 5", "unreadable_file"),
    "sizes in words": ("sizes: 6 5 4", "sizes: 6 5 many", "unreadable_file"),
    "a size twice": ("sizes: 6 5 4", "sizes: 6 5 4\nSizes: 6 5 5", "unreadable_file"),
    "minus six columns": ("sizes: 6 5 4", "sizes: -6 -5 4", "unreadable_file"),
    "more than it holds": ("sizes: 6 5 4", "sizes: 600 500 40", "truncated_file"),
    "more than a volume has": ("sizes: 6 5 4", f"sizes: {2**62} 5 4", "too_large"),
    "a vector of two": ("(0,0.75,0)", "(0,0.75)", "unreadable_file"),
    "a vector of words": ("(0,0.75,0)", "(0,x,0)", "unreadable_file"),
    "two vectors": ("(0,0.75,0) ", "", "unreadable_file"),
    "an axis without length": ("(0,0.75,0)", "(0,0,0)", "bad_geometry"),
    "NaN": ("(0,0.75,0)", "(0,nan,0)", "bad_geometry"),
    "an endless origin": ("(10,20,30)", "(inf,20,30)", "bad_geometry"),
    "axes in one plane": ("(0.1,-0.2,2)", "(1,1,0)", "bad_geometry"),
    "text": ("encoding: raw", "encoding: text", "unreadable_file"),
    "no encoding": ("encoding: raw", "encoded: raw", "unreadable_file"),
    "bytes to skip": ("encoding: raw", "encoding: raw\nbyte skip: -1", "unreadable_file"),
    "no byte order": ("endian: little", "endian: middle", "unreadable_file"),
    "blocks": ("type: signed short", "type: block", "not_a_volume"),
    "metres": ("encoding: raw", 'encoding: raw\nspace units: "m" "m" "m"', "unreadable_file"),
    "two axes": ("dimension: 3\n", "dimension: 2\n", "unreadable_file"),
}


@pytest.mark.parametrize("what", HOSTILE_NRRD)
def test_an_nrrd_header_that_cannot_be_is_refused_by_name(tmp_path: Path, what: str) -> None:
    old, new, code = HOSTILE_NRRD[what]
    head = NRRD.format(space="LPS")
    assert old in head
    refused(file(tmp_path, "x.nrrd", head.replace(old, new, 1)), code)


@pytest.mark.parametrize(
    ("sizes", "directions"),
    [("6 5", "(1,0,0) (0,1,0)"), ("3 6 5 4", "none (1,0,0) (0,1,0) (0,0,1)")],
)
def test_flat_and_coloured_nrrds_are_no_volumes(
    tmp_path: Path, sizes: str, directions: str
) -> None:
    head = NRRD.format(space="LPS").replace("6 5 4", sizes)
    head = head.replace("dimension: 3", f"dimension: {len(sizes.split())}")
    head = head.replace("(0.5,0,0) (0,0.75,0) (0.1,-0.2,2)", directions)
    refused(file(tmp_path, "x.nrrd", head), "not_a_volume")


HOSTILE_META = {
    "another file": ("= LOCAL", "= /etc/passwd", "external_data"),
    "a list of files": ("= LOCAL", "= LIST", "external_data"),
    "a pattern of files": ("= LOCAL", "= slice%03d.raw 1 4 1", "external_data"),
    "no offset": ("Offset", "Moved", "no_geometry"),
    "no spacing": ("ElementSpacing", "Step", "no_geometry"),
    "no values": ("ElementDataFile", "ElementData", "unreadable_file"),
    "no axes": ("NDims", "Dims", "unreadable_file"),
    "other axes": ("NDims = 3", "NDims = 2", "unreadable_file"),
    "a key twice": ("NDims = 3", "NDims = 3\nNDims = 3", "unreadable_file"),
    "another object": ("= Image", "= Mesh", "unreadable_file"),
    "channels": ("NDims = 3", "NDims = 3\nElementNumberOfChannels = 3", "not_a_volume"),
    "text": ("BinaryData = True", "BinaryData = False", "unreadable_file"),
    "bytes to skip": ("NDims = 3", "NDims = 3\nHeaderSize = -1", "unreadable_file"),
    "a slope": ("NDims = 3", "NDims = 3\nElementToIntensityFunctionSlope = 2", "unreadable_file"),
    "a slope in words": (
        "NDims = 3",
        "NDims = 3\nElementToIntensityFunctionSlope = two",
        "unreadable_file",
    ),
    "an unknown type": ("MET_SHORT", "MET_LONG", "not_a_volume"),
    "more than it holds": ("6 5 4", "600 500 40", "truncated_file"),
    "more than a volume has": ("6 5 4", f"{2**62} 5 4", "too_large"),
    "no columns": ("6 5 4", "0 5 4", "unreadable_file"),
    "zero spacing": ("0.5 0.75 2", "0.5 0 2", "bad_geometry"),
    "NaN": ("0.5 0.75 2", "0.5 nan 2", "bad_geometry"),
    "two spacings": ("0.5 0.75 2", "0.5 0.75", "unreadable_file"),
    "a singular transform": ("1 0 0 0 1 0 0 0.28 0.96", "1 0 0 0 1 0 1 1 0", "bad_geometry"),
    "a transform in words": ("1 0 0 0 1 0 0 0.28 0.96", "identity", "unreadable_file"),
    "values that are packed": (
        "CompressedData = False",
        "CompressedData = True",
        "unreadable_file",
    ),
}


@pytest.mark.parametrize("what", HOSTILE_META)
def test_a_metaimage_header_that_cannot_be_is_refused_by_name(tmp_path: Path, what: str) -> None:
    old, new, code = HOSTILE_META[what]
    assert old in META
    refused(file(tmp_path, "x.mha", META.replace(old, new, 1)), code)


@pytest.mark.parametrize("sizes", ["6 5", "6 5 4 2"])
def test_flat_and_moving_metaimages_are_no_volumes(tmp_path: Path, sizes: str) -> None:
    head = META.replace("DimSize = 6 5 4", f"DimSize = {sizes}")
    head = head.replace("NDims = 3", f"NDims = {len(sizes.split())}")
    refused(file(tmp_path, "x.mha", head), "not_a_volume")


def test_a_metaimage_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    head = META.replace("CompressedData = False", "CompressedData = True")
    bomb = zlib.compress(VALUES.tobytes() + bytes(64 * 2**20))
    refused(file(tmp_path, "x.mha", head, bomb), "unreadable_file")


@pytest.mark.parametrize("suffix", [".nhdr", ".mhd", ".hdr", ".img"])
def test_headers_with_data_elsewhere_are_refused(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"x{suffix}").write_text("anything")
    with pytest.raises(SourceError, match="in another file"):
        read_image(tmp_path / f"x{suffix}")


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".pkl"])
def test_what_may_hold_a_program_is_refused_unread(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"\x80\x04cposix\nsystem\n(S'touch pwned'\ntR.")
    with pytest.raises(SourceError, match="may hold a program"):
        read_image(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_pickle_under_another_name_is_refused_unread(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    trap = tmp_path / "pwned"
    path.write_bytes(f"cbuiltins\nopen\n(S'{trap}'\nS'w'\ntR.".encode() + bytes(600))
    refused(path, "unreadable_file")
    assert not trap.exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_file_cut_short_is_refused(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume_on(SHEARED))
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(RefusedFileError):
        read_image(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_random_damage_is_refused_by_name_or_changes_only_values(
    tmp_path: Path, suffix: str
) -> None:
    """No other error ever escapes."""
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume_on(SHEARED, np.float32))
    whole = path.read_bytes()
    rng = np.random.default_rng(7)
    for _ in range(300):
        data = bytearray(whole)
        for at in rng.integers(0, len(whole), 3):
            data[at] = rng.integers(256)
        path.write_bytes(data)
        try:
            read_image(path)
        except RefusedFileError:
            continue


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        read_image(tmp_path / "x.nii.gz")
