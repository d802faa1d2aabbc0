"""Grids as scanners make them, to prove geometry on."""

import math

from hypothesis import strategies as st

from imaging.space import Vector, cross
from imaging.volume import VolumeGeometry
from workspace.imagery.reslicing import PicturePlane

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def turned(angle_deg: float, axis: int) -> tuple[Vector, Vector, Vector]:
    """Return the patient's axes, turned about one of them."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    rows = {
        0: ((1.0, 0.0, 0.0), (0.0, c, s), (0.0, -s, c)),
        1: ((c, 0.0, -s), (0.0, 1.0, 0.0), (s, 0.0, c)),
        2: ((c, s, 0.0), (-s, c, 0.0), (0.0, 0.0, 1.0)),
    }
    return rows[axis]


def unit(x: float, y: float, z: float) -> Vector:
    """Return the direction."""
    length = math.hypot(x, y, z)
    return (x / length, y / length, z / length)


SHAPE = (24, 20, 28)
START = (-13.0, -9.5, -17.0)

GRIDS = {
    "straight": VolumeGeometry((1.0, 1.0, 1.0), START, (X, Y, Z), SHAPE),
    "thick slices": VolumeGeometry((0.7, 0.7, 2.5), START, (X, Y, Z), SHAPE),
    "tilted gantry": VolumeGeometry((0.9, 0.9, 1.8), START, (X, Y, unit(0, 0.35, 1)), SHAPE),
    "sagittal": VolumeGeometry((0.8, 0.8, 1.6), START, (Y, (0, 0, -1.0), (-1.0, 0, 0)), SHAPE),
    "turned": VolumeGeometry((1.1, 0.9, 1.3), START, turned(27, 1), SHAPE),
    "feet first": VolumeGeometry((1.0, 1.0, 1.0), START, ((-1.0, 0, 0), Y, (0, 0, -1.0)), SHAPE),
}


def middle_of(geometry: VolumeGeometry) -> Vector:
    """Return the volume's centre."""
    k, j, i = geometry.shape_kji
    x, y, z = geometry.index_to_world(((i - 1) / 2, (j - 1) / 2, (k - 1) / 2)).tolist()
    return (x, y, z)


@st.composite
def planes(draw: st.DrawFn) -> PicturePlane:
    """Draw a plane somewhere about the origin, in any direction."""
    numbers = st.floats(-1, 1).map(lambda value: round(value, 3))
    normal = draw(st.tuples(numbers, numbers, numbers).filter(lambda it: math.hypot(*it) > 0.2))
    other = X if abs(normal[0]) < 0.8 * math.hypot(*normal) else Y
    right = unit(*cross(unit(*normal), other))
    return PicturePlane(
        centre=draw(st.tuples(*[st.floats(-8, 8)] * 3)),
        right=right,
        down=cross(unit(*normal), right),
        width=draw(st.integers(1, 40)),
        height=draw(st.integers(1, 40)),
        mm_per_pixel=draw(st.floats(0.2, 3.0)),
    )
