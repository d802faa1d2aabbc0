from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import scale
from imaging.volume import VolumeGeometry
from segmentation.engines.engine import Segmentation
from segmentation.engines.table import run_engine
from segmentation.errors import SegmentationError
from segmentation.labelmap import Labelmap, Segment, labelmap_of
from tests.segmentation.engine_phantoms import ball, paint

GEOMETRY = VolumeGeometry(
    spacing=(0.5, 1.0, 2.0),
    origin=(10.0, -20.0, 30.0),
    direction=((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    shape_kji=(3, 4, 5),
)
BONE = Segment(7, "Bone", "272673000", (1, 2, 3))


def labelmap(seed: int) -> Labelmap:
    labels = np.random.default_rng(seed).integers(0, 2, GEOMETRY.shape_kji) * 7
    return Labelmap(labels.astype(np.uint8), GEOMETRY, (BONE,))


def flipped(geometry: VolumeGeometry, axis: int) -> VolumeGeometry:
    """The same voxels, counted along `axis` from the other end."""
    last = [0.0, 0.0, 0.0]
    last[axis] = geometry.shape_kji[2 - axis] - 1
    x, y, z = geometry.index_to_world(last).tolist()
    direction = list(geometry.direction)
    direction[axis] = scale(direction[axis], -1)
    return replace(geometry, origin=(x, y, z), direction=(direction[0], direction[1], direction[2]))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 99), axis=st.integers(0, 2))
def test_a_flipped_grid_holds_the_same_labels_at_the_same_places(seed: int, axis: int) -> None:
    original = labelmap(seed)
    turned = original.on_grid(flipped(GEOMETRY, axis))
    np.testing.assert_array_equal(np.flip(turned.labels, 2 - axis), original.labels)
    np.testing.assert_array_equal(turned.on_grid(GEOMETRY).labels, original.labels)


def test_a_larger_grid_is_empty_where_the_labelmap_ends() -> None:
    x, y, z = GEOMETRY.index_to_world((-1, -2, -1)).tolist()
    larger = replace(GEOMETRY, origin=(x, y, z), shape_kji=(5, 7, 8))
    original = labelmap(1)
    grown = original.on_grid(larger)
    np.testing.assert_array_equal(grown.labels[1:4, 2:6, 1:6], original.labels)
    assert grown.mask(7).sum() == original.mask(7).sum()


@pytest.mark.parametrize(
    "other",
    [
        replace(GEOMETRY, spacing=(0.6, 1.0, 2.0)),
        replace(GEOMETRY, origin=(10.0, -20.0, 30.4)),
        replace(GEOMETRY, direction=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))),
    ],
)
def test_a_grid_whose_voxels_do_not_coincide_is_refused(other: VolumeGeometry) -> None:
    with pytest.raises(SegmentationError, match="another grid"):
        labelmap(1).on_grid(other)


def test_volumes_are_in_ml() -> None:
    assert labelmap(1).volume_ml(7) == labelmap(1).mask(7).sum() / 1000


def test_a_label_without_a_row_in_the_table_cannot_be() -> None:
    with pytest.raises(ValueError, match="does not name"):
        Labelmap(np.ones(GEOMETRY.shape_kji, dtype=np.uint8), GEOMETRY, (BONE,))


def test_two_segments_cannot_share_a_number() -> None:
    with pytest.raises(ValueError, match="same number"):
        Labelmap(np.zeros(GEOMETRY.shape_kji, dtype=np.uint8), GEOMETRY, (BONE, BONE))


def found(radius_mm: float, half_mm: float = 12) -> Segmentation:
    return run_engine(paint([(ball(radius_mm), 700.0)], half_mm), "threshold", {"lower_hu": 0})


def test_where_segments_overlap_the_later_one_wins() -> None:
    outer, inner = found(10), found(5)
    both = labelmap_of([outer, inner])
    np.testing.assert_array_equal(both.mask(2), inner.mask)
    np.testing.assert_array_equal(both.mask(1), outer.mask & ~inner.mask)
    assert [segment.number for segment in both.segments] == [1, 2]


def test_segments_on_different_grids_are_refused() -> None:
    with pytest.raises(SegmentationError, match="different grids"):
        labelmap_of([found(5), found(5, half_mm=10)])


def test_no_segment_makes_no_labelmap() -> None:
    with pytest.raises(SegmentationError, match="at least one"):
        labelmap_of([])
