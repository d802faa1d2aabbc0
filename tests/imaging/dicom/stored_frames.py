"""Frames in small files of nothing but pixel data, and the ways to encode them."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.encoders.base import RLELosslessEncoder

from imaging.dicom.decoding import PixelReader
from imaging.dicom.frame import UNDEFINED_LENGTH, Frame, PixelFormat, PixelPlace, Rescale

Picture = NDArray[Any]
Encode = Callable[[Picture, int], bytes]

JPEG = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"
RLE = "1.2.840.10008.1.2.5"
EXPLICIT = "1.2.840.10008.1.2.1"


def pixel_format(picture: Picture, bits: int, *, signed: bool = False) -> PixelFormat:
    """Return the header of `picture`, in as few whole bytes as `bits` need."""
    rows, columns = picture.shape
    allocated = 8 if bits <= 8 else 16
    return PixelFormat(rows, columns, allocated, bits, bits - 1, signed, 1, "MONOCHROME2", 1)


def frame_in(
    file: Path, pixels: PixelFormat, syntax: str, offset: int = 0, length: int = UNDEFINED_LENGTH
) -> Frame:
    """Return the first frame of `file`."""
    return Frame(
        file=file,
        sop_class_uid="",
        sop_instance_uid="",
        study_uid="",
        series_uid="",
        modality="CT",
        description="",
        image_type=(),
        frame_of_reference_uid="",
        position=None,
        orientation=None,
        pixel_spacing=None,
        slice_thickness_mm=None,
        acquired_on="",
        contrast=(),
        pixels=pixels,
        place=PixelPlace(syntax, offset, length, file.stat().st_size),
        rescale=Rescale(1, 0, "", present=True),
        has_modality_lut=False,
        padding=None,
    )


def numbered(frame: Frame, number: int) -> Frame:
    """Return another frame of the same file."""
    return replace(frame, place=replace(frame.place, frame=number))


def items(fragments: Sequence[bytes], table: bytes = b"") -> bytes:
    """Return the value of encapsulated pixel data (PS3.5, A.4)."""
    parts = [
        struct.pack("<II", 0xE000FFFE, len(one) + len(one) % 2) + one + b"\0" * (len(one) % 2)
        for one in (table, *fragments)
    ]
    return b"".join(parts) + struct.pack("<II", 0xE0DDFFFE, 0)


def encapsulated(folder: Path, pixels: PixelFormat, syntax: str, stream: bytes) -> Frame:
    """Write a file of one compressed frame."""
    file = folder / "frame"
    file.write_bytes(items([stream]))
    return frame_in(file, pixels, syntax)


def decoded(frame: Frame) -> NDArray[np.uint16]:
    """Return the stored bits of a frame, cut to BitsStored."""
    into = np.full((frame.pixels.rows, frame.pixels.columns), 0xA5A5, np.uint16)
    PixelReader().read(frame, into)
    return into & np.uint16((1 << frame.pixels.bits_stored) - 1)


def bits_of(picture: Picture, bits: int) -> NDArray[np.uint16]:
    """Return numbers as two's complement of so many bits."""
    return (picture.astype(np.int64) & ((1 << bits) - 1)).astype(np.uint16)


def waves(bits: int, *, signed: bool = False) -> Picture:
    """Return 33 x 41 values from the lowest to the highest that `bits` can express."""
    j, i = np.mgrid[:33, :41]
    wave = np.sin(i / 5) * np.cos(j / 7) + 0.3 * np.sin(i * j)
    unit = (wave - wave.min()) / np.ptp(wave)
    values = np.rint(unit * ((1 << bits) - 1)).astype(np.int64) - (signed << (bits - 1))
    picture: Picture = values.astype(f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}")
    return picture


def unsigned(picture: Picture, bits: int) -> Picture:
    """Return the bits as JPEG knows them: without sign."""
    return bits_of(picture, bits).astype(f"u{picture.itemsize}")


def jpeg_lossless(picture: Picture, bits: int, predictor: int = 1) -> bytes:
    """Encode with libjpeg-turbo."""
    return bytes(
        imagecodecs.jpeg8_encode(
            unsigned(picture, bits), lossless=True, predictor=predictor, bitspersample=bits
        )
    )


def jpeg_lossless_by_lj92(picture: Picture, bits: int) -> bytes:
    """Encode with liblj92."""
    return bytes(imagecodecs.ljpeg_encode(unsigned(picture, bits), bitspersample=bits))


def jpeg_ls(picture: Picture, bits: int) -> bytes:
    """Encode with CharLS."""
    return bytes(imagecodecs.jpegls_encode(unsigned(picture, bits)))


def jpeg_2000(picture: Picture, bits: int, form: str = "j2k") -> bytes:
    """Encode with OpenJPEG."""
    return bytes(
        imagecodecs.jpeg2k_encode(
            picture, level=0, reversible=True, codecformat=form, bitspersample=bits, resolutions=3
        )
    )


def jpeg_2000_in_boxes(picture: Picture, bits: int) -> bytes:
    """Encode as a JP2 file."""
    return jpeg_2000(picture, bits, "jp2")


def htj2k(picture: Picture, _bits: int) -> bytes:
    """Encode with OpenJPH."""
    return bytes(imagecodecs.htj2k_encode(picture, reversible=True))


def rle(picture: Picture, _bits: int) -> bytes:
    """Encode with pydicom."""
    rows, columns = picture.shape
    return RLELosslessEncoder.encode(
        unsigned(picture, 8 * picture.itemsize),
        encoding_plugin="pydicom",
        rows=rows,
        columns=columns,
        number_of_frames=1,
        samples_per_pixel=1,
        bits_allocated=8 * picture.itemsize,
        bits_stored=8 * picture.itemsize,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
    )


ENCODINGS: dict[str, tuple[str, Encode]] = {
    "JPEG lossless": (JPEG_LOSSLESS, jpeg_lossless),
    "JPEG lossless by liblj92": (JPEG_LOSSLESS, jpeg_lossless_by_lj92),
    "JPEG-LS": (JPEG_LS, jpeg_ls),
    "JPEG 2000": (JPEG_2000, jpeg_2000),
    "JPEG 2000 in boxes": (JPEG_2000, jpeg_2000_in_boxes),
    "HTJ2K": (HTJ2K, htj2k),
    "RLE": (RLE, rle),
}
"""All that is lossless: name, transfer syntax, encoder."""
