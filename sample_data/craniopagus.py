"""The phantom P1: twins joined at the crown, with one sinus between them."""

from typing import Final

from imaging.space import Plane, Vector
from sample_data.craniopagus_truths import (
    BRAIN_GAP_MM,
    BRAIN_MM,
    CENTRE_MM,
    SKIN_MM,
    SKULL_INNER_MM,
    SKULL_OUTER_MM,
    STRIP_HALF_MM,
    Variant,
    solid_truths,
    vein_truths,
)
from sample_data.scene import Layer, Scene
from sample_data.shapes import HalfSpace, Intersection, Shape, Spheroid, Union
from sample_data.sinuses import Vein, sinus, tributaries
from sample_data.twins import Twin, joined_at_the_crown

VESSEL_HU: Final = 250
VESSEL_MR: Final = 900

NOSES: Final = {"A": Spheroid((0, -71, -14), 9, 13), "B": Spheroid((0, -71, -14), 7, 16)}
"""In the twin's own frame: A's is broad, B's narrow and long."""
EARS: Final = {"A": Spheroid((70, 4, -6), 8, 15), "B": Spheroid((70, 4, -6), 6, 12)}
"""Left ears only, in the twin's own frame: what has no left ear has been mirrored."""
MARKER_HU: Final = {"A": 80.0, "B": 105.0}
"""Above skin, below contrast-filled vessels, so that a threshold tells them apart."""
MARKER_MR: Final = {"A": 650.0, "B": 700.0}

TARGETS_OF_A: Final = ((30, 0, -40), (-30, 0, -40), (0, 30, -70), (0, -30, -70), (10, 15, -100))
"""Points in twin A's brain at which a registration is judged, mm; B's are these turned over."""


def craniopagus(theta_deg: float = 0.0, variant: Variant = "plain") -> Scene:
    """Return the phantom.

    The truths of skin and scalp leave the noses and ears out, which stick out of the skin; those
    of the brains count the veins that run in them.

    Parameters
    ----------
    theta_deg : float
        Rotation of twin B about the axis through both heads.
    variant : {"plain", "helical", "crossed"}
        The sinus is a ring; or it winds once around; or it is a ring, and one vein of each twin
        drains into a vein of the other.
    """
    twins = joined_at_the_crown(CENTRE_MM, theta_deg)
    return Scene(
        name="craniopagus",
        summary="twins joined at the crown: skin, skull, two brains, one venous sinus",
        body_part="HEAD",
        patient_id="COMMISSURE-PHANTOM",
        layers=(*_markers(twins), *_heads(), *_veins(twins, variant)),
        truths={**solid_truths(), **vein_truths(variant)},
        points=_points(twins),
        planes={
            "junction": Plane((0, 0, 0), (0, 0, 1)),
            "strip_low": Plane((0, 0, -STRIP_HALF_MM), (0, 0, 1)),
            "strip_high": Plane((0, 0, STRIP_HALF_MM), (0, 0, 1)),
        },
        parameters={"theta_deg": float(theta_deg), "variant": variant},
        subjects=twins,
    )


def veins_of(theta_deg: float = 0.0, variant: Variant = "plain") -> tuple[Vein, ...]:
    """Return the tributaries of both twins with their centrelines."""
    return tributaries(joined_at_the_crown(CENTRE_MM, theta_deg), variant)


def _heads() -> tuple[Layer, ...]:
    return (
        Layer("skin", _both(SKIN_MM), hu=40, mr=600),
        Layer("skull", _both(SKULL_OUTER_MM), hu=700, mr=80),
        Layer("csf", _both(SKULL_INNER_MM), hu=10, mr=150),
        Layer("brain_a", _brain(-1), hu=35, mr=420),
        Layer("brain_b", _brain(1), hu=35, mr=420),
    )


def _spheroid(axes_mm: tuple[float, float], side: int) -> Spheroid:
    return Spheroid((0, 0, side * CENTRE_MM), *axes_mm)


def _both(axes_mm: tuple[float, float]) -> Union:
    return Union((_spheroid(axes_mm, -1), _spheroid(axes_mm, 1)))


def _brain(side: int) -> Intersection:
    gap = Plane((0, 0, side * BRAIN_GAP_MM), (0, 0, -side))
    return Intersection((_spheroid(BRAIN_MM, side), HalfSpace(gap)))


def _veins(twins: tuple[Twin, Twin], variant: Variant) -> tuple[Layer, ...]:
    veins = tributaries(twins, variant)
    trees = {
        f"tributaries_{twin.owner.lower()}": Union(
            tuple(vein.shape for vein in veins if vein.owner == twin.owner)
        )
        for twin in twins
    }
    shapes: dict[str, Shape] = {"sinus": sinus(variant), **trees}
    return tuple(Layer(name, shape, VESSEL_HU, VESSEL_MR) for name, shape in shapes.items())


def _markers(twins: tuple[Twin, Twin]) -> tuple[Layer, ...]:
    return tuple(
        Layer(
            f"{name}_{twin.owner.lower()}",
            _placed(marker, twin),
            MARKER_HU[twin.owner],
            MARKER_MR[twin.owner],
        )
        for twin in twins
        for name, marker in (("nose", NOSES[twin.owner]), ("left_ear", EARS[twin.owner]))
    )


def _placed(marker: Spheroid, twin: Twin) -> Spheroid:
    """Return the marker in the scene; each twin's z is the scene's or its opposite: it stays so."""
    return Spheroid(
        twin.world_from_twin.apply(marker.centre), marker.radius_mm, marker.half_height_mm
    )


def _points(twins: tuple[Twin, Twin]) -> dict[str, Vector]:
    points: dict[str, Vector] = {}
    for twin in twins:
        owner = twin.owner.lower()
        points[f"nose_{owner}"] = twin.world_from_twin.apply(NOSES[twin.owner].centre)
        points[f"left_ear_{owner}"] = twin.world_from_twin.apply(EARS[twin.owner].centre)
    for number, (x, y, z) in enumerate(TARGETS_OF_A):
        points[f"target_a{number}"] = (x, y, z)
        points[f"target_b{number}"] = (y, x, -z)
    return points
