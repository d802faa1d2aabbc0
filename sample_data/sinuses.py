"""The veins of the craniopagus phantom: a sinus between the heads, and its tributaries."""

import math
from dataclasses import dataclass
from typing import Final

from imaging.space import Vector
from sample_data.craniopagus_truths import (
    HELIX_PITCH_MM,
    RING_RADIUS_MM,
    RING_TUBE_MM,
    TRIBUTARIES,
    Variant,
)
from sample_data.shapes import Shape, Union
from sample_data.tubes import Capsule, Cylinder, Helix, Torus
from sample_data.twins import Twin

TRIBUTARY_RADIUS_MM: Final = 1.5
TRIBUTARY_END_MM: Final = 34.0
"""How far from the plane between the heads a tributary begins."""
CROSSING_MM: Final = 10.0
"""How far from that plane a crossing vein turns aside, and joins the other twin's vein."""
CROSSING_RADIUS_MM: Final = 24.0
"""Where it passes inside the ring: 0.7 mm of fluid stay between the two."""

HELIX: Final = Helix(RING_RADIUS_MM, RING_TUBE_MM, HELIX_PITCH_MM)


@dataclass(frozen=True, slots=True)
class Vein:
    """A tributary: its centreline from the brain to the vessel that it drains into."""

    owner: str
    """ "A" or "B"."""
    number: int
    """0 to 7, from the twin's own left towards its own back."""
    path: tuple[Vector, ...]
    """mm, in the scene's frame."""
    drains_into: tuple[str, int] | None
    """Owner and number of another tributary; None for the sinus."""

    @property
    def shape(self) -> Shape:
        """The vein's lumen: flat at both ends, round at the bends between."""
        first = Cylinder(self.path[0], self.path[1], TRIBUTARY_RADIUS_MM)
        bends = (
            Capsule(start, end, TRIBUTARY_RADIUS_MM)
            for start, end in zip(self.path[1:], self.path[2:], strict=False)
        )
        return Union((first, *bends))


def sinus(variant: Variant) -> Shape:
    """Return the shared sinus."""
    return HELIX if variant == "helical" else Torus((0, 0, 0), RING_RADIUS_MM, RING_TUBE_MM)


def tributaries(twins: tuple[Twin, Twin], variant: Variant) -> tuple[Vein, ...]:
    """Return the veins of both twins, those of A first."""
    a, b = (_straight(twin, variant) for twin in twins)
    if variant != "crossed":
        return (*a, *b)
    host_of_a = _nearest(b, a[0])
    guest_of_b = _nearest(b, a[4])
    crossing_a = _crossing(a[0], host_of_a)
    crossing_b = _crossing(guest_of_b, a[4])
    return (crossing_a, *a[1:], *(crossing_b if vein is guest_of_b else vein for vein in b))


def _straight(twin: Twin, variant: Variant) -> tuple[Vein, ...]:
    side = math.copysign(1, twin.centre[2])
    veins = []
    for number in range(TRIBUTARIES):
        angle = 2 * math.pi * number / TRIBUTARIES
        x, y, _ = twin.world_from_twin.apply_direction((math.cos(angle), math.sin(angle), 0))
        base_z = HELIX.height_mm(math.atan2(y, x)) if variant == "helical" else 0.0
        across = (RING_RADIUS_MM * x, RING_RADIUS_MM * y)
        path = ((*across, side * TRIBUTARY_END_MM), (*across, base_z))
        veins.append(Vein(twin.owner, number, path, None))
    return tuple(veins)


def _nearest(veins: tuple[Vein, ...], other: Vein) -> Vein:
    return min(veins, key=lambda vein: math.dist(vein.path[-1], other.path[-1]))


def _crossing(guest: Vein, host: Vein) -> Vein:
    """Return the guest, led past the ring on its inside and into the host."""
    (gx, gy, guest_end), (hx, hy, _) = guest.path[0], host.path[0]
    side = math.copysign(1, guest_end)
    middle = math.hypot(gx + hx, gy + hy)
    inside = CROSSING_RADIUS_MM / middle
    path = (
        guest.path[0],
        (gx, gy, side * CROSSING_MM),
        ((gx + hx) * inside, (gy + hy) * inside, 0.0),
        (hx, hy, -side * CROSSING_MM),
    )
    return Vein(guest.owner, guest.number, path, (host.owner, host.number))
