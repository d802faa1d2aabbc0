"""Valid files with bytes flipped, cut out or put in: an error of ours or a sound volume, always."""

import os
import random
import resource
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from imaging.dicom.choice import Choice
from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from tests.imaging.dicom.multiframe_planes import Enhanced, Mosaic, write_enhanced, write_mosaic
from tests.imaging.dicom.planes import Edit, stack, tagged, write_planes
from tests.imaging.dicom.test_torture_values import NUMBERS, deflated
from tests.imaging.dicom.written_series import MR

MOST_BYTES = 3 * 2**30
"""Of addresses beyond what this process has: no file here holds more than 10 KB."""
CANARIES = ("Secret", "SECRET", "Canary")


def ct(folder: Path) -> list[Path]:
    return write_planes(folder, stack(6))


def enhanced(folder: Path) -> list[Path]:
    return [write_enhanced(folder / "all.dcm", stack(6))]


def enhanced_mr(folder: Path) -> list[Path]:
    form = Enhanced("1.2.840.10008.5.1.4.1.1.4.1", shared=frozenset(), tags={"Modality": "MR"})
    return [write_enhanced(folder / "all.dcm", stack(6), form=form)]


def mosaic(folder: Path) -> list[Path]:
    tiles = tagged(stack(5, shape=(4, 6)), SOPClassUID=MR, Modality="MR")
    form = Mosaic(3, tags={"SOPClassUID": MR, "Modality": "MR"})
    return [write_mosaic(folder / "mosaic.dcm", tiles, range(5), form)]


def deflated_ct(folder: Path) -> list[Path]:
    paths = ct(folder)
    for path in paths:
        deflated(path)
    return paths


def compressed(encode: Callable[[np.ndarray], bytes]) -> Edit:
    def edit(dataset: Dataset, number: int) -> None:
        stream = encode(NUMBERS[number].astype(np.uint16))
        dataset.PixelData = encapsulate([stream + b"\0" * (len(stream) % 2)])

    return edit


def rle(folder: Path) -> list[Path]:
    def encode(values: np.ndarray) -> bytes:
        """Keep each byte plane as literal runs, row by row (PS3.5, annex G)."""
        planes = [(values >> 8).astype("u1"), (values & 0xFF).astype("u1")]
        segments = [
            b"".join(bytes([row.size - 1]) + row.tobytes() for row in one) for one in planes
        ]
        segments = [one + b"\0" * (len(one) % 2) for one in segments]
        offsets = [64, 64 + len(segments[0]), *[0] * 13]
        return struct.pack("<16I", 2, *offsets) + b"".join(segments)

    return write_planes(folder, stack(6), edit=compressed(encode), syntax=RLELossless)


def jpeg_ls(folder: Path) -> list[Path]:
    import imagecodecs

    edit = compressed(lambda values: bytes(imagecodecs.jpegls_encode(values)))
    return write_planes(folder, stack(6), edit=edit, syntax=JPEGLSLossless)


def jpeg_2000(folder: Path) -> list[Path]:
    import imagecodecs

    edit = compressed(
        lambda values: bytes(imagecodecs.jpeg2k_encode(values, codecformat="J2K", level=0))
    )
    return write_planes(folder, stack(6), edit=edit, syntax=JPEG2000Lossless)


KINDS: dict[str, Callable[[Path], list[Path]]] = {
    "CT": ct,
    "enhanced CT": enhanced,
    "enhanced MR": enhanced_mr,
    "mosaic": mosaic,
    "deflated": deflated_ct,
    "RLE": rle,
    "JPEG-LS": jpeg_ls,
    "JPEG 2000": jpeg_2000,
}

Change = tuple[str, float, bytes]
"""What is done, where (0 to 1 of the file), and with which bytes."""

CHANGES = st.tuples(
    st.sampled_from(["flip", "flip", "flip", "cut", "put", "drop"]),
    st.floats(0, 1),
    st.binary(min_size=1, max_size=8),
)


def changed(data: bytes, change: Change) -> bytes:
    what, where, some = change
    at = int(where * len(data))
    if what == "flip":
        mixed = bytes(a ^ b for a, b in zip(data[at : at + len(some)], some, strict=False))
        return data[:at] + mixed + data[at + len(mixed) :]
    if what == "cut":
        return data[:at]
    if what == "put":
        return data[:at] + some + data[at:]
    return data[:at] + data[at + len(some) :]


def require_sound(folder: Path) -> None:
    """Assert that what is found is an error of ours, or a volume that agrees with itself."""
    try:
        found = inspect([folder])
    except ImagingError as error:
        require_clean(str(error))
        return
    for refused in found.refused:
        require_clean(refused.message)
        assert refused.code not in {"", "imaging"}
    for listed in found.volumes:
        try:
            volume = read_volume([folder], Choice(listed.id))
        except ImagingError as error:
            require_clean(str(error))
            continue
        assert volume.voxels.shape == listed.shape_kji == volume.geometry.shape_kji
        assert np.isfinite(volume.voxels).all()
        assert np.isfinite(volume.geometry.affine_lps).all()
        for _, message in volume.warnings:
            require_clean(message)


def require_clean(message: str) -> None:
    assert message
    assert not any(canary in message for canary in CANARIES)


def run(kind: str, which: int, changes: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = KINDS[kind](folder)
        victim = paths[which % len(paths)]
        data = victim.read_bytes()
        for change in changes:
            data = changed(data, change)
        victim.write_bytes(data)
        require_sound(folder)


@pytest.fixture(autouse=True)
def _bounded() -> object:
    """Hold this process to what it has and a little more, so that a lie about size is an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (now + MOST_BYTES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=20)
@given(which=st.integers(0, 5), changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_damaged_files_are_an_error_of_ours_or_a_sound_volume(
    kind: str, which: int, changes: list[Change]
) -> None:
    run(kind, which, changes)


@pytest.mark.parametrize("kind", ["CT", "enhanced CT", "mosaic"])
@settings(deadline=None, max_examples=20)
@given(where=st.integers(0, 2**16), some=st.binary(min_size=1, max_size=4))
def test_damage_within_a_deflated_data_set_is_found_too(kind: str, where: int, some: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        victim = KINDS[kind](folder)[0]
        deflated(victim)
        data = victim.read_bytes()
        start = 144 + int.from_bytes(data[140:144], "little")
        inside = bytearray(zlib.decompress(data[start:], -15))
        at = where % len(inside)
        inside[at : at + len(some)] = some
        deflater = zlib.compressobj(1, zlib.DEFLATED, -15)
        victim.write_bytes(data[:start] + deflater.compress(bytes(inside)) + deflater.flush())
        require_sound(folder)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_damaged_files_are_errors_of_ours_or_sound_volumes(kind: str) -> None:
    """Ten minutes each would find no more than two: the headers are small."""
    chance = random.SystemRandom()
    for _ in range(4000):
        seed = chance.getrandbits(64)
        drawn = random.Random(seed)
        changes = [
            (
                drawn.choice(["flip", "flip", "cut", "put", "drop"]),
                drawn.random(),
                drawn.randbytes(drawn.randint(1, 8)),
            )
            for _ in range(drawn.randint(1, 6))
        ]
        try:
            run(kind, drawn.randint(0, 5), changes)
        except BaseException as error:
            error.add_note(f"kind {kind!r}, seed {seed}, changes {changes}")
            raise
