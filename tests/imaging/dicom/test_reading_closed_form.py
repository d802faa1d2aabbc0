"""Series with known voxels at known places come back as they were meant."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from imaging.dicom.reading import read_volume
from imaging.volume import Volume
from tests.imaging.dicom.written_series import MR, Grid, stored_values, write_series

PLACE_TOLERANCE_MM = 0.03
"""What is promised of every voxel; the header's own 16 characters are good to 1e-6 mm."""


def rotations() -> st.SearchStrategy[tuple[tuple[float, ...], ...]]:
    def rotation(quaternion: tuple[float, ...]) -> tuple[tuple[float, ...], ...]:
        w, x, y, z = np.array(quaternion) / np.linalg.norm(quaternion)
        rows = (
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
        )
        return tuple(tuple(float(value) for value in row) for row in rows)

    part = st.floats(-1, 1)
    quaternions = st.tuples(part, part, part, part).filter(lambda q: np.linalg.norm(q) > 0.1)
    return quaternions.map(rotation)


def grids() -> st.SearchStrategy[Grid]:
    size, step, place = st.integers(2, 6), st.floats(0.2, 6), st.floats(-900, 900)
    return st.builds(
        Grid,
        st.tuples(size, size, size),
        st.tuples(step, step, step),
        st.tuples(place, place, place),
        rotations(),
    )


def found_place(volume: Volume, value: int) -> np.ndarray:
    k, j, i = np.argwhere(volume.voxels == value)[0]
    return volume.geometry.index_to_world([i, j, k])


@settings(deadline=None, max_examples=25)
@given(grid=grids(), seed=st.integers(0, 2**16))
def test_every_voxel_lies_where_the_header_puts_it(
    grid: Grid, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("series")
    order = np.random.default_rng(seed).permutation(grid.shape_kji[0]).tolist()
    write_series(folder, grid, order=order)
    volume = read_volume([folder])
    slices, rows, columns = grid.shape_kji
    stored = stored_values(grid.shape_kji)
    for k, j, i in ((0, 0, 0), (slices - 1, rows - 1, columns - 1), (slices // 2, 1, 0)):
        place = found_place(volume, int(stored[k, j, i]) - 1024)
        assert np.linalg.norm(place - grid.world(i, j, k)) < PLACE_TOLERANCE_MM


@settings(deadline=None, max_examples=25)
@given(grid=grids(), index=st.tuples(*(st.floats(-50, 500) for _ in range(3))))
def test_index_to_world_and_back_is_the_same_index(
    grid: Grid, index: tuple[float, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("series")
    write_series(folder, grid)
    geometry = read_volume([folder]).geometry
    back = geometry.world_to_index(geometry.index_to_world(index))
    assert np.allclose(back, index, atol=1e-6)  # voxels; double precision over 900 mm


def test_slices_go_along_the_cross_product_of_row_and_column(tmp_path: Path) -> None:
    upside_down = Grid(rotation=((1.0, 0, 0), (0, -1.0, 0), (0, 0, -1.0)))
    write_series(tmp_path, upside_down, order=[4, 2, 0, 1, 3])
    volume = read_volume([tmp_path])
    assert volume.geometry.handedness == pytest.approx(1)
    assert volume.geometry.direction[2] == (0, 0, -1)
    assert np.array_equal(volume.voxels, stored_values((5, 6, 7)).astype(int) - 1024)


@pytest.mark.parametrize("numbers", ["reversed", "absent"])
def test_instance_numbers_decide_nothing(tmp_path: Path, numbers: str) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        if numbers == "absent":
            del dataset.InstanceNumber
        else:
            dataset.InstanceNumber = 99 - k

    write_series(tmp_path, edit=edit)
    assert read_volume([tmp_path]).geometry.origin == (-31.5, 12.25, 100.0)


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]
)
def test_every_plain_encoding_gives_the_same_voxels(tmp_path: Path, syntax: str) -> None:
    def swap(dataset: Dataset, _k: int) -> None:
        if syntax == ExplicitVRBigEndian:
            values = np.frombuffer(dataset.PixelData, "<u2")
            dataset.PixelData = values.astype(">u2").tobytes()

    write_series(tmp_path, edit=swap, syntax=syntax)
    voxels = read_volume([tmp_path]).voxels
    assert voxels.dtype == np.int16
    assert np.array_equal(voxels, stored_values((5, 6, 7)).astype(int) - 1024)


def test_a_deflated_series_gives_the_same_voxels(tmp_path: Path) -> None:
    for path in write_series(tmp_path):
        deflate(path)
    volume = read_volume([tmp_path])
    assert np.array_equal(volume.voxels, stored_values((5, 6, 7)).astype(int) - 1024)


def deflate(path: Path, *, padding_bytes: int = 0) -> None:
    """Turn an explicit little endian file into a deflated one."""
    from pydicom import dcmread

    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    if padding_bytes:
        dataset.DataSetTrailingPadding = bytes(padding_bytes)
    dataset.save_as(path)


def test_a_file_without_preamble_is_read(tmp_path: Path) -> None:
    for path in write_series(tmp_path):
        path.write_bytes(path.read_bytes()[132:])
    assert read_volume([tmp_path]).voxels.shape == (5, 6, 7)


def test_the_rescale_slope_of_each_slice_is_its_own(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        dataset.SOPClassUID, dataset.Modality = MR, "MR"
        dataset.RescaleSlope, dataset.RescaleIntercept = f"{0.25 * (k + 1)}", f"{k}"

    write_series(tmp_path, edit=edit)
    volume = read_volume([tmp_path])
    k = np.arange(5).reshape(5, 1, 1)
    assert volume.voxels.dtype == np.float32
    assert np.array_equal(volume.voxels, stored_values((5, 6, 7)) * (0.25 * (k + 1)) + k)
    assert not volume.hu


def test_whole_slopes_stay_int16(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        dataset.RescaleSlope, dataset.RescaleIntercept = f"{k + 1}", "-1000"

    write_series(tmp_path, edit=edit)
    voxels = read_volume([tmp_path]).voxels
    k = np.arange(5).reshape(5, 1, 1)
    assert voxels.dtype == np.int16
    assert np.array_equal(voxels, stored_values((5, 6, 7)).astype(int) * (k + 1) - 1000)


def test_values_beyond_int16_become_float32(tmp_path: Path) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        dataset.RescaleIntercept = "40000"

    write_series(tmp_path, edit=edit)
    voxels = read_volume([tmp_path]).voxels
    assert voxels.dtype == np.float32
    assert np.array_equal(voxels, stored_values((5, 6, 7)).astype(int) + 40000)


def test_high_unsigned_values_with_a_low_intercept_stay_int16(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        dataset.PixelData = np.full((6, 7), 33_000 + k, "<u2").tobytes()

    write_series(tmp_path, edit=edit)
    voxels = read_volume([tmp_path]).voxels
    assert voxels.dtype == np.int16
    assert voxels[:, 0, 0].tolist() == [31_976, 31_977, 31_978, 31_979, 31_980]


@pytest.mark.parametrize("extended", [True, False])
def test_signed_12_bit_values_keep_their_sign(tmp_path: Path, *, extended: bool) -> None:
    values = np.arange(-21, 21, dtype="<i2").reshape(6, 7)

    def edit(dataset: Dataset, _k: int) -> None:
        dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 1
        dataset.PixelData = (values if extended else values & 0xFFF).astype("<i2").tobytes()
        dataset.RescaleIntercept = "0"

    write_series(tmp_path, edit=edit)
    assert np.array_equal(read_volume([tmp_path]).voxels[2], values)


def test_an_overlay_in_the_high_bits_is_masked_and_told(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        dataset.BitsStored, dataset.HighBit = 12, 11
        overlay = np.uint16(0x1000 if k == 2 else 0)
        values = np.frombuffer(dataset.PixelData, "<u2") | overlay
        dataset.PixelData = values.tobytes()

    write_series(tmp_path, edit=edit)
    volume = read_volume([tmp_path])
    assert np.array_equal(volume.voxels, stored_values((5, 6, 7)).astype(int) - 1024)
    assert [code for code, _ in volume.warnings] == ["high_bits"]


def test_eight_bit_values_are_read(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        dataset.BitsAllocated = dataset.BitsStored = 8
        dataset.HighBit = 7
        dataset.PixelData = bytes([k * 40 + 7]) * 42

    write_series(tmp_path, edit=edit)
    assert read_volume([tmp_path]).voxels[:, 5, 6].tolist() == [-1017, -977, -937, -897, -857]


def test_padding_that_would_pass_for_bone_becomes_the_lowest_value(tmp_path: Path) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        values = np.frombuffer(dataset.PixelData, "<u2").copy()
        values[:3] = 0xFFFF
        dataset.PixelData = values.tobytes()
        dataset.add_new("PixelPaddingValue", "US", 0xFFFF)

    write_series(tmp_path, edit=edit)
    volume = read_volume([tmp_path])
    assert volume.voxels.max() == 5 * 42 - 1 - 1024
    assert volume.voxels[0, 0, 0] == 3 - 1024
    assert [code for code, _ in volume.warnings] == ["padding_replaced"]


def test_padding_beyond_12_bits_does_not_wrap_into_bone(tmp_path: Path) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        values = np.frombuffer(dataset.PixelData, "<u2").copy()
        values[:3] = 63_536
        dataset.PixelData = values.tobytes()
        dataset.BitsStored, dataset.HighBit = 12, 11
        dataset.add_new("PixelPaddingValue", "US", 63_536)

    write_series(tmp_path, edit=edit)
    volume = read_volume([tmp_path])
    assert volume.voxels[0, 0, :4].tolist() == [-1024, -1024, -1024, 3 - 1024]


def test_padding_below_air_stays_as_the_scanner_wrote_it(tmp_path: Path) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        dataset.add_new("PixelPaddingValue", "US", 0)

    write_series(tmp_path, edit=edit)
    assert read_volume([tmp_path]).voxels[0, 0, 0] == -1024


def test_jitter_of_scanners_is_tolerated(tmp_path: Path) -> None:
    noise = np.random.default_rng(7)

    def edit(dataset: Dataset, _k: int) -> None:
        position = np.array(dataset.ImagePositionPatient, float) + noise.uniform(-4e-3, 4e-3, 3)
        orientation = np.array(dataset.ImageOrientationPatient, float)
        orientation += noise.uniform(-1e-4, 1e-4, 6)
        dataset.ImagePositionPatient = [f"{x:.6f}" for x in position]
        dataset.ImageOrientationPatient = [f"{x:.8f}" for x in orientation]

    grid = Grid(shape_kji=(40, 64, 64))
    write_series(tmp_path, grid, edit=edit)
    volume = read_volume([tmp_path])
    for k in (0, 20, 39):
        off = volume.geometry.index_to_world([0, 0, k]) - grid.world(0, 0, k)
        assert np.linalg.norm(off) < PLACE_TOLERANCE_MM


def test_wrong_thickness_and_gantry_tags_change_nothing(tmp_path: Path) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        dataset.SliceThickness, dataset.SpacingBetweenSlices = "9.0", "-4.0"
        dataset.GantryDetectorTilt = "18.5"

    write_series(tmp_path, edit=edit)
    assert read_volume([tmp_path]).geometry.spacing == pytest.approx((0.7, 0.9, 2.5), abs=1e-9)


def test_nested_folders_and_junk_are_one_series(tmp_path: Path) -> None:
    for at, path in enumerate(write_series(tmp_path)):
        folder = tmp_path / f"part{at % 2}" / "deep"
        folder.mkdir(parents=True, exist_ok=True)
        path.rename(folder / path.name)
    (tmp_path / "notes.txt").write_text("nothing of DICOM")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert read_volume([tmp_path]).voxels.shape == (5, 6, 7)


def test_the_same_folder_given_twice_is_read_once(tmp_path: Path) -> None:
    paths = write_series(tmp_path)
    assert read_volume([tmp_path, tmp_path, paths[0]]).voxels.shape == (5, 6, 7)


def test_a_copied_file_is_left_out(tmp_path: Path) -> None:
    paths = write_series(tmp_path)
    (tmp_path / "copy of 2").write_bytes(paths[2].read_bytes())
    assert read_volume([tmp_path]).voxels.shape == (5, 6, 7)


def test_a_localizer_in_the_series_is_left_out_and_told(tmp_path: Path) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        if k == 4:
            dataset.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]

    write_series(tmp_path, edit=edit)
    volume = read_volume([tmp_path])
    assert volume.voxels.shape == (4, 6, 7)
    assert "localizer_left_out" in dict(volume.warnings)


@pytest.mark.parametrize(
    ("modality", "rescale_type", "image_type", "hu"),
    [
        ("CT", "HU", "DERIVED", True),
        ("CT", None, "ORIGINAL", True),
        ("CT", None, "DERIVED", False),
        ("CT", "US", "ORIGINAL", False),
        ("MR", None, "ORIGINAL", False),
    ],
)
def test_hounsfield_units_are_stated_not_guessed(
    tmp_path: Path, modality: str, rescale_type: str | None, image_type: str, *, hu: bool
) -> None:
    def edit(dataset: Dataset, _k: int) -> None:
        dataset.Modality = modality
        dataset.SOPClassUID = MR if modality == "MR" else dataset.SOPClassUID
        dataset.ImageType = [image_type, "PRIMARY", "AXIAL"]
        if rescale_type:
            dataset.RescaleType = rescale_type

    write_series(tmp_path, edit=edit)
    assert read_volume([tmp_path]).hu is hu


def test_two_series_in_one_folder_are_two_volumes(tmp_path: Path) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    from imaging.dicom.inspecting import inspect

    write_series(tmp_path / "a")
    write_series(tmp_path / "b", edit=other)
    first, second = inspect([tmp_path]).volumes
    assert first.id != second.id
    assert read_volume([tmp_path], second.id).series_uid == second.series_uid


def test_ids_do_not_depend_on_place_or_order(tmp_path: Path) -> None:
    from imaging.dicom.inspecting import inspect

    write_series(tmp_path / "a", order=[3, 1, 4, 0, 2])
    write_series(tmp_path / "b")
    ids = {inspect([tmp_path / folder]).volumes[0].id for folder in "ab"}
    assert len(ids) == 1


def test_progress_counts_up_to_every_slice(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_series(tmp_path)
    read_volume([tmp_path], progress=lambda *step: told.append(step))
    assert told[-1] == ("Reading slices", 5, 5)
    assert all(a[1] <= b[1] for a, b in pairwise(told) if a[0] == b[0])


def test_values_packed_into_12_bits_come_back(tmp_path: Path) -> None:
    def pack(dataset: Dataset, _k: int) -> None:
        pairs = np.frombuffer(dataset.PixelData, "<u2").astype(np.uint32).reshape(-1, 2)
        packed = pairs[:, 0] | pairs[:, 1] << 12
        octets = np.stack([packed >> shift & 0xFF for shift in (0, 8, 16)], axis=1)
        data = octets.astype(np.uint8).tobytes()
        dataset.PixelData = data + bytes(len(data) % 2)
        dataset.BitsAllocated = dataset.BitsStored = 12
        dataset.HighBit = 11

    write_series(tmp_path, edit=pack)
    assert np.array_equal(
        read_volume([tmp_path]).voxels, stored_values((5, 6, 7)).astype(int) - 1024
    )
