"""A block of bone before and after a drill went through part of it."""

import math
from typing import Final

from imaging.space import Vector
from sample_data.scene import AIR_HU, Layer, Scene
from sample_data.shapes import Box
from sample_data.tubes import Capsule

HALF_SIZE_MM: Final = (25.0, 12.0, 12.0)
DRILL_MM: Final = 3.0
"""Radius of the round burr."""
FROM: Final = (-15.0, 0.0, 0.0)
TO: Final = (15.0, 0.0, 0.0)
"""Where the burr's centre goes, mm: deep in the block, so that it removes a whole capsule."""

BLOCK: Final = Layer("block", Box((0, 0, 0), HALF_SIZE_MM), hu=700, mr=80)
HOLE: Final = Layer("hole", Capsule(FROM, TO, DRILL_MM), hu=AIR_HU, mr=0)


def bone_block() -> Scene:
    """Return the block before."""
    return _scene("bone-block", "a block of bone, and where a burr shall go", (BLOCK,))


def drilled_block() -> Scene:
    """Return the block after."""
    return _scene("drilled-block", "the block of bone after the burr", (BLOCK, HOLE))


def removed_mm3() -> float:
    """Return the volume of the capsule that the burr removes."""
    length = math.dist(FROM, TO)
    return math.pi * DRILL_MM**2 * length + 4 / 3 * math.pi * DRILL_MM**3


def _scene(name: str, summary: str, layers: tuple[Layer, ...]) -> Scene:
    points: dict[str, Vector] = {"drill_from": FROM, "drill_to": TO}
    whole_ml = 8 * math.prod(HALF_SIZE_MM) / 1000
    return Scene(
        name=name,
        summary=summary,
        body_part="SKULL",
        patient_id="COMMISSURE-BLOCK",
        layers=layers,
        truths={
            "block_ml": whole_ml,
            "removed_mm3": removed_mm3(),
            "remaining_ml": whole_ml - removed_mm3() / 1000,
        },
        points=points,
    )
