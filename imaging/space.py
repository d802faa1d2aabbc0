"""Points, planes and rigid motions in the patient: LPS, in mm, without arrays."""

import math
from dataclasses import dataclass
from typing import Self

Vector = tuple[float, float, float]
"""(x, y, z): towards the patient's left, posterior and superior (LPS); mm for points."""

UNIT_TOLERANCE = 1e-6
"""How far from 1 the length of a direction or quaternion may be: float32's rounding, twice."""


def dot(a: Vector, b: Vector) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Return the vector product."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def add(a: Vector, b: Vector) -> Vector:
    """Return the sum."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Vector, b: Vector) -> Vector:
    """Return the difference."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Vector, factor: float) -> Vector:
    """Return the vector, `factor` times as long."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def distance_mm(a: Vector, b: Vector) -> float:
    """Return the distance between two points, mm."""
    return math.dist(a, b)


def require_finite(values: tuple[float, ...], name: str) -> None:
    """Raise `ValueError` unless all values are finite numbers."""
    if not all(math.isfinite(value) for value in values):
        raise ValueError(f"{name} holds a value that is no finite number")


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane; its normal points to the positive side."""

    origin: Vector
    """A point on the plane, mm, LPS."""
    normal: Vector
    """Unit vector, LPS."""

    def __post_init__(self) -> None:
        """Refuse what is no plane."""
        require_finite(self.origin, "the plane's origin")
        require_finite(self.normal, "the plane's normal")
        if abs(math.hypot(*self.normal) - 1) > UNIT_TOLERANCE:
            raise ValueError("the plane's normal is not one long")

    def signed_distance_mm(self, point: Vector) -> float:
        """Return how far `point` lies on the positive side, mm."""
        return dot(subtract(point, self.origin), self.normal)


@dataclass(frozen=True, slots=True)
class RigidTransform:
    """A rotation, then a translation. A unit quaternion cannot mirror, so neither can this."""

    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    """Unit quaternion (w, x, y, z)."""
    translation_mm: Vector = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        """Refuse what is no rigid motion."""
        require_finite(self.rotation, "the rotation")
        require_finite(self.translation_mm, "the translation")
        if abs(math.hypot(*self.rotation) - 1) > UNIT_TOLERANCE:
            raise ValueError("the rotation is no unit quaternion")

    @classmethod
    def about_axis(cls, axis: Vector, angle_deg: float, centre: Vector = (0.0, 0.0, 0.0)) -> Self:
        """Return the rotation by `angle_deg` about the line through `centre` along `axis`."""
        length = math.hypot(*axis)
        half = math.radians(angle_deg) / 2
        x, y, z = scale(axis, math.sin(half) / length)
        turn = cls((math.cos(half), x, y, z))
        return cls(turn.rotation, subtract(centre, turn.apply(centre)))

    def apply_direction(self, direction: Vector) -> Vector:
        """Rotate a direction."""
        w, *imaginary = self.rotation
        axis: Vector = (imaginary[0], imaginary[1], imaginary[2])
        t = scale(cross(axis, direction), 2)
        return add(add(direction, scale(t, w)), cross(axis, t))

    def apply(self, point: Vector) -> Vector:
        """Move a point, mm."""
        return add(self.apply_direction(point), self.translation_mm)

    def apply_to_plane(self, plane: Plane) -> Plane:
        """Move a plane."""
        normal = self.apply_direction(plane.normal)
        return Plane(self.apply(plane.origin), scale(normal, 1 / math.hypot(*normal)))

    def inverse(self) -> "RigidTransform":
        """Return the motion that takes this one back."""
        w, x, y, z = self.rotation
        back = RigidTransform((w, -x, -y, -z))
        return RigidTransform(back.rotation, scale(back.apply(self.translation_mm), -1))

    def __matmul__(self, first: "RigidTransform") -> "RigidTransform":
        """Return the motion that does `first`, then this one."""
        aw, ax, ay, az = self.rotation
        bw, bx, by, bz = first.rotation
        product = (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        )
        length = math.hypot(*product)
        w, x, y, z = (value / length for value in product)
        return RigidTransform((w, x, y, z), self.apply(first.translation_mm))

    def matrix(self) -> tuple[tuple[float, float, float, float], ...]:
        """Return the 4x4 homogeneous matrix, by rows."""
        columns = [self.apply_direction(axis) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
        rows = [
            (columns[0][r], columns[1][r], columns[2][r], self.translation_mm[r]) for r in range(3)
        ]
        return (*rows, (0.0, 0.0, 0.0, 1.0))

    @property
    def angle_deg(self) -> float:
        """Angle of the rotation, 0 to 180 degrees."""
        w, x, y, z = self.rotation
        return math.degrees(2 * math.atan2(math.hypot(x, y, z), abs(w)))

    @property
    def distance_mm(self) -> float:
        """Length of the translation, mm."""
        return math.hypot(*self.translation_mm)
