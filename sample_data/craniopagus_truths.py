"""The right answers about the craniopagus phantom, by formula.

The layers are spheroids, semi-axes a (x, y) and c (z), centred at z = -d and d. Up to the plane
z = 0 each twin's spheroid has at height z, measured from that plane into the twin, the radius
a sqrt(1 - ((d - z) / c)²); every volume below is an integral of its square.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal

Variant = Literal["plain", "helical", "crossed"]
"""The sinus is a ring; winds once around; is a ring, but a vein of each twin joins the other's."""

MM3_PER_ML: Final = 1000
MM2_PER_CM2: Final = 100

CENTRE_MM: Final = 54.0
"""d: how far each twin's spheroids are centred from the plane between the heads."""
SKIN_MM: Final = (70.0, 76.0)
"""Semi-axes a and c; so in the next three."""
SKULL_OUTER_MM: Final = (66.0, 72.0)
SKULL_INNER_MM: Final = (62.5, 68.5)
BRAIN_MM: Final = (60.0, 66.0)
BRAIN_GAP_MM: Final = 5.0
"""How far each brain ends from the plane between the heads."""
RING_RADIUS_MM: Final = 32.0
RING_TUBE_MM: Final = 4.0
TRIBUTARIES: Final = 8
"""Per twin, evenly around."""
STRIP_HALF_MM: Final = 10.0
"""Half the width of the strip of skull that is removed."""
PUSH_MM: Final = 5.0
"""How far twin A's skull is pushed into twin B's."""
HELIX_PITCH_MM: Final = 24.0


def radius2_mm2(axes_mm: tuple[float, float], z_mm: float) -> float:
    """Return the squared radius of a layer at a distance from the plane between the heads."""
    a, c = axes_mm
    return a**2 * (1 - ((CENTRE_MM - z_mm) / c) ** 2)


def cut_spheroid_ml(axes_mm: tuple[float, float], from_mm: float = 0.0) -> float:
    """Return the volume of one twin's layer that lies more than `from_mm` from the plane."""
    a, c = axes_mm
    below = CENTRE_MM - from_mm
    return math.pi * a**2 * (below - below**3 / (3 * c**2) + 2 * c / 3) / MM3_PER_ML


def bone_each_ml(from_mm: float = 0.0) -> float:
    """Return the volume of one twin's skull that lies more than `from_mm` from the plane."""
    return cut_spheroid_ml(SKULL_OUTER_MM, from_mm) - cut_spheroid_ml(SKULL_INNER_MM, from_mm)


def overlap_ml(push_mm: float) -> float:
    """Return what the two skulls, cut at the plane, share once one is pushed into the other.

    At a height z the one has its radii at z, the other those at push - z; the smaller outer and
    the larger inner radius bound what is shared.
    """

    def shared_mm2(z: float) -> float:
        narrow, wide = sorted((z, push_mm - z))
        return max(0.0, radius2_mm2(SKULL_OUTER_MM, narrow) - radius2_mm2(SKULL_INNER_MM, wide))

    from scipy.integrate import quad

    integral, _ = quad(shared_mm2, 0, push_mm / 2, epsabs=1e-6)
    return 2 * math.pi * float(integral) / MM3_PER_ML


def solid_truths() -> Mapping[str, float]:
    """Return what holds for every variant."""
    bone = 2 * bone_each_ml()
    strip = bone - 2 * bone_each_ml(STRIP_HALF_MM)
    return {
        "skin_ml": 2 * cut_spheroid_ml(SKIN_MM),
        "scalp_ml": 2 * (cut_spheroid_ml(SKIN_MM) - cut_spheroid_ml(SKULL_OUTER_MM)),
        "junction_radius_mm": math.sqrt(radius2_mm2(SKIN_MM, 0)),
        "bone_ml": bone,
        "bone_each_ml": bone / 2,
        "cavity_ml": 2 * cut_spheroid_ml(SKULL_INNER_MM),
        "window_cm2": math.pi * radius2_mm2(SKULL_INNER_MM, 0) / MM2_PER_CM2,
        "brain_each_ml": cut_spheroid_ml(BRAIN_MM, BRAIN_GAP_MM),
        "strip_ml": strip,
        "bone_each_without_strip_ml": (bone - strip) / 2,
        "overlap_pushed_5_mm_ml": overlap_ml(PUSH_MM),
    }


def territory_ml() -> float:
    """Return the share of one brain that is nearest to one of its tributaries, by symmetry."""
    return cut_spheroid_ml(BRAIN_MM, BRAIN_GAP_MM) / TRIBUTARIES


def ring_truths() -> Mapping[str, float]:
    """Return what holds while the sinus is a closed ring: clipped once it still drains all."""
    return {
        "sinus_ml": 2 * math.pi**2 * RING_RADIUS_MM * RING_TUBE_MM**2 / MM3_PER_ML,
        "sinus_centreline_mm": 2 * math.pi * RING_RADIUS_MM,
        "territory_ml": territory_ml(),
        "lost_by_one_clip_ml": 0.0,
        "lost_by_two_clips_around_three_each_ml": 3 * territory_ml(),
    }


def helix_truths() -> Mapping[str, float]:
    """Return what holds where the sinus winds once around, a tube with round ends."""
    length = math.hypot(2 * math.pi * RING_RADIUS_MM, HELIX_PITCH_MM)
    ends = 4 / 3 * math.pi * RING_TUBE_MM**3
    return {
        "sinus_ml": (math.pi * RING_TUBE_MM**2 * length + ends) / MM3_PER_ML,
        "sinus_centreline_mm": length,
        "territory_ml": territory_ml(),
    }


def crossed_truths() -> Mapping[str, float]:
    """Return what holds where one territory of each twin drains through a vein of the other."""
    return {
        **ring_truths(),
        "crossed_each_ml": territory_ml(),
        "lost_by_clip_of_a_crossing_vein_ml": territory_ml(),
        "lost_by_clip_of_a_hosting_vein_ml": 2 * territory_ml(),
    }


def vein_truths(variant: Variant) -> Mapping[str, float]:
    """Return what holds for the veins of a variant."""
    match variant:
        case "plain":
            return ring_truths()
        case "helical":
            return helix_truths()
        case "crossed":
            return crossed_truths()
