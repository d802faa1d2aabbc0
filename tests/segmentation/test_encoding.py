import struct

import DracoPy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from segmentation.errors import SurfaceError
from segmentation.surface.encoding import DRACO_STEP_MM, HEADER, MAGIC, from_blob, to_blob, to_draco
from segmentation.surface.mesh import Surface
from tests.segmentation.solids import ball


@settings(deadline=None, max_examples=40)
@given(st.integers(3, 40), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_decoding_gives_back_what_was_encoded(vertices: int, triangles: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    surface = Surface(
        random.normal(0, 500, (vertices, 3)).astype(np.float32),
        random.integers(0, vertices, (triangles, 3), dtype=np.int32),
    )
    back = from_blob(to_blob(surface))
    assert np.array_equal(back.vertices, surface.vertices)
    assert np.array_equal(back.triangles, surface.triangles)
    assert to_blob(back) == to_blob(surface)


def test_equal_places_give_equal_bytes_even_with_a_negative_zero() -> None:
    triangles = np.array([[0, 1, 2]], np.int32)
    plus = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    minus = plus.copy()
    minus[0] = -0.0
    assert to_blob(Surface(plus, triangles)) == to_blob(Surface(minus, triangles))


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(noise: bytes) -> None:
    for blob in (noise, MAGIC + noise):
        with pytest.raises(SurfaceError):
            from_blob(blob)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_blob_cut_short_or_made_longer_is_refused(data: st.DataObject) -> None:
    blob = to_blob(ball(10, segments=8))
    length = data.draw(st.integers(0, len(blob) - 1))
    for wrong in (blob[:length], blob + blob[: length + 1]):
        with pytest.raises(SurfaceError):
            from_blob(wrong)


@pytest.mark.parametrize("count", [2**31, 2**62, 2**64 - 1])
def test_counts_that_no_machine_could_hold_are_refused_before_anything_is_allocated(
    count: int,
) -> None:
    with pytest.raises(SurfaceError, match="bytes, not"):
        from_blob(HEADER.pack(MAGIC, count, 1) + bytes(48))


def test_an_index_out_of_range_is_refused() -> None:
    blob = HEADER.pack(MAGIC, 3, 1) + bytes(36) + struct.pack("<3i", 0, 1, 3)
    with pytest.raises(SurfaceError, match="does not have"):
        from_blob(blob)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_vertex_that_is_no_number_is_refused(number: float) -> None:
    blob = HEADER.pack(MAGIC, 3, 1) + struct.pack("<9f3i", number, *[0.0] * 8, 0, 1, 2)
    with pytest.raises(SurfaceError, match="finite"):
        from_blob(blob)


def test_a_blob_of_another_version_is_refused() -> None:
    blob = to_blob(ball(10, segments=8))
    with pytest.raises(SurfaceError, match="later version"):
        from_blob(b"CMSSURF2" + blob[8:])


def test_draco_keeps_the_surface_within_its_quantisation() -> None:
    surface = ball(100)
    decoded = DracoPy.decode(to_draco(surface))
    back = Surface(
        np.ascontiguousarray(decoded.points, dtype=np.float32),
        np.ascontiguousarray(decoded.faces, dtype=np.int32),
    )
    assert back.is_watertight
    assert back.volume_ml == pytest.approx(surface.volume_ml, rel=1e-4)
    np.testing.assert_allclose(back.bounds_mm, surface.bounds_mm, atol=DRACO_STEP_MM)


@pytest.mark.parametrize("radius_mm", [0.5, 7, 130, 900])
def test_no_vertex_is_drawn_more_than_a_hundredth_of_a_millimetre_off(radius_mm: float) -> None:
    surface = ball(radius_mm, segments=32)
    points = DracoPy.decode(to_draco(surface)).points
    distance, _ = cKDTree(surface.vertices).query(points)
    assert np.abs(distance).max() <= DRACO_STEP_MM / 2 * 3**0.5 + 1e-4


def test_draco_takes_less_than_two_bytes_a_triangle() -> None:
    surface = ball(100, segments=128)
    assert len(to_draco(surface)) < 2 * len(surface.triangles)


def test_draco_gives_the_same_bytes_every_time() -> None:
    assert to_draco(ball(100)) == to_draco(ball(100))
