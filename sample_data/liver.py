"""A liver with one tumour and the plane that resects it."""

import math
from typing import Final

from imaging.space import Plane
from sample_data.scene import Layer, Scene
from sample_data.shapes import Ball

LIVER_MM: Final = 70.0
TUMOUR_MM: Final = 15.0
TUMOUR_X_MM: Final = 40.0
PLANE_X_MM: Final = 15.0


def liver() -> Scene:
    """Return the scene; the side of the plane that holds the tumour is resected."""
    return Scene(
        name="liver",
        summary="a round liver with a round tumour, resected by a plane",
        body_part="LIVER",
        patient_id="COMMISSURE-LIVER",
        layers=(
            Layer("liver", Ball((0, 0, 0), LIVER_MM), hu=110, mr=400),
            Layer("tumour", Ball((TUMOUR_X_MM, 0, 0), TUMOUR_MM), hu=50, mr=700),
        ),
        truths=_truths(),
        points={"tumour": (TUMOUR_X_MM, 0, 0)},
        planes={"resection": Plane((PLANE_X_MM, 0, 0), (1, 0, 0))},
    )


def _truths() -> dict[str, float]:
    """Return the right answers; a remnant counts liver without tumour, as surgeons do."""
    whole = _ball_ml(LIVER_MM)
    tumour = _ball_ml(TUMOUR_MM)
    height = LIVER_MM - PLANE_X_MM
    resected = math.pi * height**2 * (3 * LIVER_MM - height) / 3 / 1000
    remnant = whole - resected
    return {
        "liver_ml": whole,
        "tumour_ml": tumour,
        "resected_ml": resected,
        "remnant_ml": remnant,
        "remnant_percent": 100 * remnant / (whole - tumour),
        "margin_mm": TUMOUR_X_MM - TUMOUR_MM - PLANE_X_MM,
    }


def _ball_ml(radius_mm: float) -> float:
    return 4 / 3 * math.pi * radius_mm**3 / 1000
