import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imaging.space import Plane, RigidTransform, Vector
from imaging.volume import VolumeGeometry
from sample_data.craniopagus import craniopagus
from sample_data.craniopagus_truths import bone_each_ml
from sample_data.voxelizing import voxelize
from segmentation.engines.table import run_engine
from segmentation.surface.encoding import from_blob, to_blob
from segmentation.surface.mesh import Surface
from segmentation.surface.pipeline import surface_of
from tests.segmentation.solids import ball, box, ellipsoid, joined, opened, reversed_surface, shell
from workspace.blobs import BlobStore
from workspace.errors import BundleError, PlanningError
from workspace.planning.cutting import cut_blob, cut_surface
from workspace.planning.measuring import dice, overlap_ml

MIDDLE = Plane((0, 0, 0), (0, 0, 1))
STRIP_MM = 10.0


@pytest.fixture(scope="module")
def skull() -> Surface:
    """Return the skull of the phantom, scanned at 1 mm with noise of 15 HU."""
    grid = VolumeGeometry(
        spacing=(1.0, 1.0, 1.0),
        origin=(-72.37, -72.37, -130.3),
        direction=((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        shape_kji=(261, 146, 146),
    )
    scan = voxelize(craniopagus(), grid, noise_sd=15.0)
    return surface_of(run_engine(scan, "threshold", {"lower_hu": 360, "upper_hu": 3000})).surface


def test_the_skull_cut_between_the_heads_gives_each_twin_half(skull: Surface) -> None:
    """Phantom check 3."""
    b, a = cut_surface(skull, MIDDLE)
    assert a.volume_ml == pytest.approx(171.47, rel=0.005)
    assert b.volume_ml == pytest.approx(171.47, rel=0.005)
    assert a.volume_ml + b.volume_ml == pytest.approx(skull.volume_ml, rel=1e-6)
    assert (a.parts(), b.parts()) == (1, 1)


def test_the_strip_between_two_planes_has_its_volume(skull: Surface) -> None:
    """Phantom check 4."""
    b, rest = cut_surface(skull, Plane((0, 0, STRIP_MM), (0, 0, 1)))
    strip, a = cut_surface(rest, Plane((0, 0, -STRIP_MM), (0, 0, 1)))
    assert strip.volume_ml == pytest.approx(27.08, rel=0.01)
    assert a.volume_ml == pytest.approx(bone_each_ml(STRIP_MM), rel=0.005)
    assert b.volume_ml == pytest.approx(bone_each_ml(STRIP_MM), rel=0.005)


def test_fragments_pushed_into_each_other_overlap_by_the_known_volume() -> None:
    """Phantom check 5, its first half, on the exact skull."""
    outer = ellipsoid((66, 66, 72), (0, 0, 54), segments=256)
    inner = ellipsoid((62.5, 62.5, 68.5), (0, 0, 54), segments=256)
    twin_b, _ = cut_surface(joined(outer, reversed_surface(inner)), MIDDLE)
    twin_a = twin_b.transformed(RigidTransform.about_axis((1, 0, 0), 180))
    pushed = twin_a.transformed(RigidTransform(translation_mm=(0, 0, 5)))
    assert overlap_ml(pushed, twin_b) == pytest.approx(3.36, rel=0.02)


def test_the_positive_fragment_lies_on_the_side_of_the_normal() -> None:
    positive, negative = cut_surface(ball(10), Plane((0, 0, 3), (0, 0, 1)))
    assert positive.bounds_mm[4] == pytest.approx(3, abs=1e-5)
    assert negative.bounds_mm[5] == pytest.approx(3, abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(*[st.floats(5, 80)] * 3),
    st.tuples(*[st.floats(-800, 800)] * 3),
    st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda normal: math.hypot(*normal) > 0.1),
    st.floats(-0.9, 0.9),
)
def test_a_cut_conserves_volume_and_closes_both_fragments(
    axes_mm: Vector, centre: Vector, direction: Vector, depth: float
) -> None:
    length = math.hypot(*direction)
    normal = tuple(part / length for part in direction)
    assert len(normal) == 3
    reach = math.hypot(*(a * n for a, n in zip(axes_mm, normal, strict=True)))
    origin = tuple(c + depth * reach * n for c, n in zip(centre, normal, strict=True))
    assert len(origin) == 3
    surface = ellipsoid(axes_mm, centre)
    assume(abs(math.hypot(*normal) - 1) < 1e-6)
    positive, negative = cut_surface(surface, Plane(origin, normal))
    assert positive.is_watertight
    assert negative.is_watertight
    rounding_ml = 5e-6  # the new vertices as float32, at 0.8 m from the origin
    assert positive.volume_ml + negative.volume_ml == pytest.approx(
        surface.volume_ml, rel=1e-6, abs=rounding_ml
    )
    cap = (1 - depth) ** 2 * (2 + depth) / 4  # share of an ellipsoid beyond a plane
    assert positive.volume_ml == pytest.approx(
        cap * surface.volume_ml, abs=0.005 * surface.volume_ml
    )  # facets


def test_a_plane_along_the_facets_of_a_box_still_cuts() -> None:
    """Edges and corners that lie in the plane are the hard case."""
    two = joined(box((10, 10, 10)), box((10, 10, 10), corner=(0, 0, 20)))
    upper, lower = cut_surface(two, Plane((0, 0, 15), (0, 0, 1)))
    assert (upper.volume_ml, lower.volume_ml) == pytest.approx((1, 1))


def test_a_hollow_fragment_keeps_its_cavity_open_at_the_cut() -> None:
    positive, _ = cut_surface(shell(30, 26), MIDDLE)
    assert positive.parts() == 1
    assert positive.volume_ml == pytest.approx(shell(30, 26).volume_ml / 2, rel=1e-6)


def test_cutting_twice_gives_the_same_bytes(skull: Surface) -> None:
    plane = Plane((1, 2, 3), (0.6, 0, 0.8))
    first, again = (tuple(map(to_blob, cut_surface(skull, plane))) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("height_mm", [10.001, -10.001, 500.0, 9.99999])
def test_a_plane_that_misses_or_grazes_is_refused(height_mm: float) -> None:
    with pytest.raises(PlanningError, match="leaves nothing"):
        cut_surface(ball(10), Plane((0, 0, height_mm), (0, 0, 1)))


def test_an_open_surface_is_not_cut() -> None:
    with pytest.raises(PlanningError, match="open"):
        cut_surface(opened(ball(10)), MIDDLE)


def test_fragments_of_fragments_can_be_cut_again() -> None:
    piece = ball(40, centre=(10, -200, 900))
    for axis in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.6, 0.8, 0.0)):
        low_x, high_x, low_y, high_y, low_z, high_z = piece.bounds_mm
        middle = ((low_x + high_x) / 2, (low_y + high_y) / 2, (low_z + high_z) / 2)
        positive, negative = cut_surface(piece, Plane(middle, axis))
        assert positive.volume_ml + negative.volume_ml == pytest.approx(piece.volume_ml, rel=1e-6)
        piece = positive


def test_both_fragments_of_a_blob_are_kept_and_described(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    whole = ball(30)
    positive, negative = cut_blob(tmp_path, store.put(to_blob(whole)), MIDDLE)
    assert positive.volume_ml + negative.volume_ml == pytest.approx(whole.volume_ml, rel=1e-6)
    kept = from_blob(store.read(positive.sha256))
    assert kept.volume_ml == pytest.approx(positive.volume_ml)
    assert positive.bounds_mm == kept.bounds_mm
    assert (positive.watertight, positive.parts) == (True, 1)
    assert positive.triangles == len(kept.triangles)


def test_a_blob_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="missing"):
        cut_blob(tmp_path, "0" * 64, MIDDLE)


def test_boxes_overlap_by_what_they_share() -> None:
    assert overlap_ml(box((10, 10, 10)), box((10, 10, 10), corner=(5, 5, 5))) == pytest.approx(
        0.125
    )
    assert overlap_ml(box((10, 10, 10)), box((10, 10, 10), corner=(50, 0, 0))) == 0


def test_the_gap_of_a_cut_is_flat(skull: Surface) -> None:
    _, negative = cut_surface(skull, MIDDLE)
    on_the_cut = np.abs(negative.vertices[:, 2]) < 1e-4
    assert negative.vertices[:, 2].max() < 1e-4
    assert on_the_cut.sum() > 100


def test_an_identical_attempt_agrees_wholly_and_another_does_not(skull: Surface) -> None:
    """Phantom check 9: the fragment that was moved, moved again in the same way."""
    fragment, _ = cut_surface(skull, MIDDLE)
    turn = RigidTransform.about_axis((1, 0, 0), 2.5, centre=(0, 0, 54))
    motion = RigidTransform(translation_mm=(1.2, 0, 0)) @ turn
    attempt = fragment.transformed(motion)
    assert dice(attempt, fragment.transformed(motion)) == pytest.approx(1, abs=5e-4)
    assert dice(attempt, fragment) < 0.9


def test_what_does_not_touch_does_not_agree() -> None:
    assert dice(box((10, 10, 10)), box((10, 10, 10), corner=(50, 0, 0))) == 0
