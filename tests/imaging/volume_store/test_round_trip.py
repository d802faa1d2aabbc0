"""What is stored comes back: voxels, places, and what is known of them."""

import dataclasses
import tempfile
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaging.space import Vector
from imaging.volume import Volume
from imaging.volume_store.pyramid import planned_levels
from imaging.volume_store.store import VolumeStore
from imaging.volume_store.writing import VolumeWriter
from tests.imaging.volume_store.stored_volumes import (
    AXIAL,
    OBLIQUE,
    SHEARED,
    grid,
    means,
    noise,
    replaced,
    store_in_order,
    volume,
    write_in_order,
)

COUNTS = st.one_of(st.integers(1, 5), st.integers(60, 70), st.integers(125, 135))
SHAPES = st.tuples(COUNTS, COUNTS, COUNTS)
SPACINGS = st.tuples(*[st.sampled_from([0.3, 0.5, 0.7, 1.0, 2.5, 5.0])] * 3)
UNITS = ["hu", "other"]
DIRECTIONS = st.sampled_from([AXIAL, OBLIQUE, SHEARED])

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Each example is a volume on the disk."""


@SLOW
@given(
    SHAPES, SPACINGS, st.sampled_from(["int16", "float32"]), st.randoms(), st.sampled_from(UNITS)
)
def test_every_level_is_the_mean_of_the_finer_one_whatever_the_order_of_slices(
    shape: tuple[int, int, int], spacing: Vector, dtype: str, random: Random, unit: str
) -> None:
    wanted = volume(noise(shape, dtype), grid(shape, spacing), hu=unit == "hu")
    order = list(range(shape[0]))
    random.shuffle(order)
    with tempfile.TemporaryDirectory() as folder:
        store = VolumeStore(Path(folder))
        stored = store.open(store_in_order(store, wanted, order).key)
        finer = stored.read(0)
        assert finer.tobytes() == wanted.voxels.tobytes()
        assert finer.dtype == wanted.voxels.dtype
        for number, level in list(enumerate(stored.levels))[1:]:
            if number == 1 and unit == "hu":
                finer = np.maximum(finer, np.array(-1024, finer.dtype))
            values, expected = stored.read(number), means(finer, level.factors)
            # int16 to the bit; float32 sums eight numbers of up to 5,000 with an error of 2**-24
            np.testing.assert_allclose(values, expected, rtol=0, atol=0.002 * (dtype != "int16"))
            finer = values


@SLOW
@given(SHAPES, SPACINGS, DIRECTIONS)
def test_the_centre_of_a_coarse_voxel_is_the_mean_of_the_centres_of_its_voxels(
    shape: tuple[int, int, int], spacing: Vector, direction: tuple[Vector, Vector, Vector]
) -> None:
    levels = planned_levels(grid(shape, spacing, direction))
    total = np.ones(3, int)
    for level in levels:
        total *= level.factors[::-1]
        for index in (np.zeros(3, int), np.array(level.shape_kji[::-1]) - 1):
            spans = [
                np.arange(n) + n * at for n, at in zip(total.tolist(), index.tolist(), strict=True)
            ]
            block = np.stack(np.meshgrid(*spans, indexing="ij"), -1).reshape(-1, 3)
            centre = levels[0].geometry.index_to_world(block).mean(axis=0)
            found = level.geometry.index_to_world(index)
            np.testing.assert_allclose(found, centre, rtol=0, atol=1e-6)  # mm; doubles do better


@SLOW
@given(SHAPES, SPACINGS)
def test_there_are_three_levels_or_more_down_to_one_brick_and_each_covers_the_whole(
    shape: tuple[int, int, int], spacing: Vector
) -> None:
    levels = planned_levels(grid(shape, spacing))
    assert max(levels[-1].shape_kji) <= 64
    assert len(levels) >= 3 or max(levels[-1].shape_kji) == 1
    for level in levels:
        extent = np.array(level.shape_kji[::-1]) * level.geometry.spacing
        assert (extent >= np.array(shape[::-1]) * spacing - 1e-9).all()


def test_levels_become_isotropic_before_all_axes_are_halved() -> None:
    levels = planned_levels(grid((60, 512, 512), (0.4, 0.4, 1.5)))
    assert [level.factors for level in levels] == [(1, 1, 1), (1, 2, 2), (1, 2, 2), (2, 2, 2)]
    assert levels[2].geometry.spacing == pytest.approx((1.6, 1.6, 1.5))


def test_all_that_is_known_of_a_volume_comes_back(tmp_path: Path) -> None:
    wanted = volume(noise((70, 9, 66)), grid((70, 9, 66), (0.4, 0.7, 2.0), SHEARED))
    store = VolumeStore(tmp_path)
    found = store.open(store.put(wanted).key).volume()
    assert found.voxels.tobytes() == wanted.voxels.tobytes()
    for field in dataclasses.fields(found):
        if field.name != "voxels":
            assert getattr(found, field.name) == getattr(wanted, field.name), field.name


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_window_holds_what_the_whole_holds_there(data: st.DataObject) -> None:
    shape = (70, 66, 130)
    with tempfile.TemporaryDirectory() as folder:
        store = VolumeStore(Path(folder))
        stored = store.open(store.put(volume(noise(shape))).key)
        spans = []
        for count in shape:
            start = data.draw(st.integers(0, count - 1))
            spans.append((start, data.draw(st.integers(start + 1, count))))
        window = (spans[0], spans[1], spans[2])
        whole = stored.read(0)
        assert np.array_equal(stored.read(0, window), whole[tuple(slice(*one) for one in window)])


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (-1, 2), (0, 6)])
def test_a_window_beyond_the_level_is_refused(tmp_path: Path, span: tuple[int, int]) -> None:
    store = VolumeStore(tmp_path)
    stored = store.open(store.put(volume(noise((5, 5, 5)))).key)
    with pytest.raises(ValueError, match="in 5 voxels"):
        stored.read(0, (span, (0, 5), (0, 5)))


def test_a_volume_that_turns_out_to_be_float32_starts_over(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    narrow, wide = volume(noise((70, 20, 20))), volume(noise((70, 20, 20), "float32"))
    with store.writing() as writer:
        write_in_order(writer, narrow, range(68))
        key = _finish(writer, wide)
    assert np.array_equal(store.open(key).read(0), wide.voxels)


@pytest.mark.parametrize("unit", UNITS)
def test_what_was_not_said_beforehand_changes_nothing(tmp_path: Path, unit: str) -> None:
    """Neither the spacing nor the unit is known while slices come in, and padding is below air."""
    voxels = noise((70, 130, 40))
    voxels[:, :7] = -3024
    wanted = volume(voxels, grid((70, 130, 40), (0.3, 0.3, 2.5)), hu=unit == "hu")
    told, untold = VolumeStore(tmp_path / "a"), VolumeStore(tmp_path / "b")
    key = told.put(wanted).key
    with untold.writing() as writer:
        assert _finish(writer, wanted) == key
    one, other = told.open(key), untold.open(key)
    for number in range(len(one.levels)):
        assert np.array_equal(one.read(number), other.read(number))


def test_padding_below_air_is_averaged_as_air_where_values_are_hounsfield_units(
    tmp_path: Path,
) -> None:
    """Two of four voxels of tissue at 40 HU: -492 as beside air, not -1492 as beside padding."""
    voxels = np.full((1, 2, 2), 40, np.int16)
    voxels[0, 0] = -3024
    ct, mr = (
        VolumeStore(tmp_path / name).put(volume(voxels.copy(), hu=hu)).key
        for name, hu in (("ct", True), ("mr", False))
    )
    assert VolumeStore(tmp_path / "ct").open(ct).read(1).tolist() == [[[-492]]]
    assert VolumeStore(tmp_path / "mr").open(mr).read(1).tolist() == [[[-1492]]]
    assert VolumeStore(tmp_path / "ct").open(ct).read(0).min() == -3024


def test_a_volume_with_slices_that_were_never_filled_is_not_stored(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    given_volume = volume(noise((70, 20, 20)))
    with store.writing() as writer:
        write_in_order(writer, given_volume, range(68))
        with pytest.raises(ValueError, match="2 slices were never filled"):
            writer.finish(replaced(given_volume, writer._array))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_other_voxels_than_those_that_were_filled_are_not_stored(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    with store.writing() as writer:
        write_in_order(writer, volume(noise((5, 20, 20))), range(5))
        with pytest.raises(ValueError, match="other voxels"):
            writer.finish(volume(noise((5, 20, 20))))
    assert store.keys() == ()


def _finish(writer: VolumeWriter, wanted: Volume) -> str:
    """Fill all slices and finish."""
    write_in_order(writer, wanted, range(len(wanted.voxels)))
    assert writer._array is not None
    return writer.finish(replaced(wanted, writer._array)).key
