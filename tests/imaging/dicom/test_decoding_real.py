"""Real pictures in many encodings are the same picture."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from imaging.dicom.decoding import PixelReader, can_decode, is_lossy
from imaging.dicom.header import read_header
from tests.imaging.dicom.stored_frames import bits_of, numbered

pytestmark = pytest.mark.shared_data

MOSAIC_ENCODINGS = range(1, 10)
"""EVRLE, IVRLE, EVRBE, RLE, two of JPEG lossless, two of JPEG-LS, JPEG 2000."""


def all_frames(file: Path) -> NDArray[np.uint16]:
    """Return the stored bits of every frame or tile."""
    reader, found = PixelReader(), []
    frames = read_header(file)
    if len(frames) == 1:  # a multi-frame image that does not say where its frames lie
        frames = [numbered(frames[0], number) for number in range(frames[0].pixels.frames)]
    for frame in frames:
        assert can_decode(frame)
        into = np.zeros((frame.pixels.rows, frame.pixels.columns), np.uint16)
        reader.read(frame, into)
        found.append(into & np.uint16((1 << frame.pixels.bits_stored) - 1))
    return np.stack(found)


@pytest.mark.parametrize("encoding", ["RLE", "JPLL", "JLSL", "J2KR"])
@pytest.mark.parametrize("kind", ["CT1", "MR1", "MR4"])
def test_lossless_samples_of_nema_are_bit_equal(
    shared_data: Path, kind: str, encoding: str
) -> None:
    samples = shared_data / "06_transfer_syntaxes" / "nema_wg04"
    plain = all_frames(samples / f"{kind}_UNC")
    assert np.array_equal(all_frames(samples / f"{kind}_{encoding}"), plain)


@pytest.mark.parametrize("encoding", ["JLSN", "J2KI"])
@pytest.mark.parametrize("kind", ["CT1", "MR1", "MR4"])
def test_lossy_samples_of_nema_are_what_simple_itk_reads(
    shared_data: Path, kind: str, encoding: str
) -> None:
    import SimpleITK

    file = shared_data / "06_transfer_syntaxes" / "nema_wg04" / f"{kind}_{encoding}"
    (frame,) = read_header(file)
    assert is_lossy(frame)
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(file))).astype(float)
    stored = np.rint((theirs - frame.rescale.intercept) / frame.rescale.slope)
    assert np.array_equal(all_frames(file), bits_of(stored, frame.pixels.bits_stored))


def test_nine_encodings_of_a_mosaic_are_bit_equal(shared_data: Path) -> None:
    folder = shared_data / "06_transfer_syntaxes" / "siemens_mosaic_9ts" / "In"
    plain = all_frames(folder / "1.dcm")
    assert plain.shape == (35, 64, 64)
    whole = pydicom.dcmread(folder / "1.dcm").pixel_array
    assert np.array_equal(plain[7], whole[64:128, 64:128])  # the second of the second row of six
    for number in MOSAIC_ENCODINGS:
        assert np.array_equal(all_frames(folder / f"{number}.dcm"), plain), number


@pytest.mark.parametrize("name", ["RLE", "big_endian", "jpeg_2k_lossless", "jpeg_ls_lossless"])
def test_encodings_of_a_multi_frame_image_are_bit_equal(shared_data: Path, name: str) -> None:
    folder = shared_data / "07_multiframe"
    plain = all_frames(folder / "emri_small.dcm")
    assert np.array_equal(plain, pydicom.dcmread(folder / "emri_small.dcm").pixel_array)
    assert np.array_equal(all_frames(folder / f"emri_small_{name}.dcm"), plain)
