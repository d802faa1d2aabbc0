"""Import of 300 compressed slices of 512 x 512, by transfer syntax, against SimpleITK's reader.

SimpleITK's GDCM decodes one slice after the other; only within a JPEG 2000 slice do its OpenJPEG's
threads share the work.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import RLELosslessEncoder
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from benchmarks.effort import FULL, Effort
from benchmarks.import_speed import SIDE, image_by_simple_itk, slice_without_pixels
from benchmarks.table import Row, compare
from imaging.dicom.reading import read_volume

Picture = NDArray[np.uint16]

_PICTURES: Final = 20
"""Different slices; encoding 300 would take longer than all the rest."""
_NOISE_HU: Final = 15.0
"""Standard deviation in a thin-slice head CT."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the import of the same series in five encodings."""
    pictures = [ct_picture(number) for number in range(_PICTURES)]
    return [_measured(name, effort, pictures) for name in _ENCODERS]


def _measured(name: str, effort: Effort, pictures: list[Picture]) -> Row:
    syntax, encode = _ENCODERS[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        streams = [encode(picture) for picture in pictures]
        _write(folder, effort.slices, syntax, streams)
        _require_equal(folder, pictures)
        row = compare(
            f"import {effort.slices} x {SIDE} x {SIDE}, {name} / SimpleITK",
            lambda: read_volume([folder]),
            lambda: image_by_simple_itk(folder),
            effort.runs,
        )
    ratio = sum(map(len, streams)) / sum(picture.nbytes for picture in pictures)
    return row.noted(f"compressed to {ratio:.0%}")


def ct_picture(number: int) -> Picture:
    """Return a slice like a head in CT: smooth tissue in a shell of bone, noise, and air around."""
    noise = np.random.default_rng(number).normal(0, _NOISE_HU, (SIDE, SIDE))
    row, column = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    radius = np.hypot(column / 0.36, row / 0.42)
    tissue = 1060 + 30 * np.sin(9 * column + number / 20) * np.cos(7 * row)
    values = np.where(radius < 0.9, tissue, np.where(radius < 1, 2200, 24)) + noise
    picture: Picture = np.clip(values, 0, 4095).astype(np.uint16)
    return picture


def _write(folder: Path, count: int, syntax: str, streams: list[bytes]) -> None:
    for k in range(count):
        dataset = slice_without_pixels(k)
        dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
        dataset.PixelData = encapsulate([streams[k % len(streams)]])
        dataset["PixelData"].VR = "OB"
        pydicom.dcmwrite(folder / f"{k:04d}.dcm", dataset, enforce_file_format=True)


def _require_equal(folder: Path, pictures: list[Picture]) -> None:
    """Raise unless ours, SimpleITK's and what was encoded are one and the same."""
    import SimpleITK

    ours = read_volume([folder]).voxels
    theirs = SimpleITK.GetArrayFromImage(image_by_simple_itk(folder))
    for k, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        stored = mine.astype(np.int32) + 1024
        if not (np.array_equal(stored, pictures[k % _PICTURES]) and np.array_equal(mine, other)):
            raise AssertionError(f"the voxels of slice {k} differ")


def _jpeg_ls(picture: Picture) -> bytes:
    return bytes(imagecodecs.jpegls_encode(picture))


def _jpeg_2000(picture: Picture) -> bytes:
    return bytes(
        imagecodecs.jpeg2k_encode(
            picture, level=0, reversible=True, codecformat="j2k", bitspersample=12, resolutions=6
        )
    )


def _jpeg_lossless(picture: Picture) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(picture, lossless=True, predictor=1, bitspersample=12))


def _htj2k(picture: Picture) -> bytes:
    return bytes(imagecodecs.htj2k_encode(picture, reversible=True))


def _rle(picture: Picture) -> bytes:
    return RLELosslessEncoder.encode(
        picture,
        encoding_plugin="pydicom",
        rows=SIDE,
        columns=SIDE,
        number_of_frames=1,
        samples_per_pixel=1,
        bits_allocated=16,
        bits_stored=12,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
    )


_ENCODERS: Final[dict[str, tuple[str, Callable[[Picture], bytes]]]] = {
    "JPEG lossless": (JPEGLosslessSV1, _jpeg_lossless),
    "JPEG-LS": (JPEGLSLossless, _jpeg_ls),
    "JPEG 2000": (JPEG2000Lossless, _jpeg_2000),
    "HTJ2K": (HTJ2KLossless, _htj2k),
    "RLE": (RLELossless, _rle),
}


if __name__ == "__main__":
    for row in measure():
        print(row)
