"""A ball and a box: the least that a surface can be measured on."""

import math
from typing import Final

from sample_data.scene import Layer, Scene
from sample_data.shapes import Ball, Box

BALL_MM: Final = 20.0
BOX_HALF_SIZE_MM: Final = (20.0, 15.0, 10.0)
SOLID_HU: Final = 700
SOLID_MR: Final = 500


def ball() -> Scene:
    """Return a ball of bone."""
    return Scene(
        name="ball",
        summary="a ball of bone, radius 20 mm",
        body_part="SKULL",
        patient_id="COMMISSURE-BALL",
        layers=(Layer("ball", Ball((0, 0, 0), BALL_MM), SOLID_HU, SOLID_MR),),
        truths={
            "ball_ml": 4 / 3 * math.pi * BALL_MM**3 / 1000,
            "ball_cm2": 4 * math.pi * BALL_MM**2 / 100,
        },
    )


def box() -> Scene:
    """Return a box of bone."""
    x, y, z = BOX_HALF_SIZE_MM
    return Scene(
        name="box",
        summary="a box of bone, 40 x 30 x 20 mm",
        body_part="SKULL",
        patient_id="COMMISSURE-BOX",
        layers=(Layer("box", Box((0, 0, 0), BOX_HALF_SIZE_MM), SOLID_HU, SOLID_MR),),
        truths={"box_ml": 8 * x * y * z / 1000, "box_cm2": 8 * (x * y + y * z + z * x) / 100},
    )
