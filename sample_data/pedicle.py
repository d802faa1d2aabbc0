"""A pedicle, a round rod of bone, and screws that miss its axis by more and more."""

import math
from typing import Final

from imaging.space import Vector
from sample_data.scene import Layer, Scene
from sample_data.shapes import Box
from sample_data.tubes import Cylinder

PEDICLE_MM: Final = 4.0
"""Radius; so in the next."""
SCREW_MM: Final = 3.0
HALF_LENGTH_MM: Final = 20.0
SCREW_OFFSETS_MM: Final = (0.5, 1.5, 3.5, 5.5, 7.5)

GRADES: Final = ((0.0, "A"), (2.0, "B"), (4.0, "C"), (6.0, "D"), (math.inf, "E"))
"""Gertzbein and Robbins: no breach, and then less than so many mm."""


def pedicle() -> Scene:
    """Return the scene: the pedicle runs along y, the screws miss towards the left (x)."""
    ends: tuple[Vector, Vector] = ((0, -HALF_LENGTH_MM, 0), (0, HALF_LENGTH_MM, 0))
    return Scene(
        name="pedicle",
        summary="a round pedicle and five screws that miss its axis, breach grades A to E",
        body_part="SPINE",
        patient_id="COMMISSURE-PEDICLE",
        layers=(
            Layer("muscle", Box((0, 0, 0), (25, 30, 25)), hu=50, mr=300),
            Layer("pedicle", Cylinder(*ends, PEDICLE_MM), hu=600, mr=120),
        ),
        truths={
            "pedicle_ml": math.pi * PEDICLE_MM**2 * 2 * HALF_LENGTH_MM / 1000,
            **{
                f"breach_at_{offset:g}_mm_offset_mm": breach_mm(offset)
                for offset in SCREW_OFFSETS_MM
            },
        },
        points={
            f"screw_{number}_{name}": (offset, y, 0)
            for number, offset in enumerate(SCREW_OFFSETS_MM)
            for name, (_, y, _) in zip(("entry", "target"), ends, strict=True)
        },
    )


def breach_mm(offset_mm: float) -> float:
    """Return how far a screw whose axis is so far off leaves the pedicle."""
    return max(0.0, offset_mm + SCREW_MM - PEDICLE_MM)


def grade_of(breach: float) -> str:
    """Return the grade of a breach in mm, "A" to "E"."""
    if breach == 0:
        return GRADES[0][1]
    return next(grade for limit_mm, grade in GRADES[1:] if breach < limit_mm)
