"""A straight path through brain that passes a vessel."""

import math
from typing import Final

from sample_data.scene import Layer, Scene
from sample_data.shapes import Ball
from sample_data.tubes import Cylinder

BRAIN_MM: Final = 60.0
"""Radius; so in the next two."""
VESSEL_MM: Final = 2.0
PROBE_MM: Final = 0.6
PATH_OFFSET_MM: Final = 6.0
"""Distance between the path's axis and the vessel's; they run at right angles."""
VESSEL_HALF_LENGTH_MM: Final = 30.0


def trajectory() -> Scene:
    """Return the scene: the vessel runs along z, the path along y at x = 6."""
    ends = ((0.0, 0.0, -VESSEL_HALF_LENGTH_MM), (0.0, 0.0, VESSEL_HALF_LENGTH_MM))
    return Scene(
        name="trajectory",
        summary="a path through brain that passes a vessel at a known distance",
        body_part="BRAIN",
        patient_id="COMMISSURE-TRAJECTORY",
        layers=(
            Layer("brain", Ball((0, 0, 0), BRAIN_MM), hu=35, mr=420),
            Layer("vessel", Cylinder(*ends, VESSEL_MM), hu=250, mr=900),
        ),
        truths={
            "brain_ml": 4 / 3 * math.pi * BRAIN_MM**3 / 1000,
            "vessel_ml": math.pi * VESSEL_MM**2 * 2 * VESSEL_HALF_LENGTH_MM / 1000,
            "path_mm": 2 * math.sqrt(BRAIN_MM**2 - PATH_OFFSET_MM**2),
            "clearance_mm": PATH_OFFSET_MM - VESSEL_MM - PROBE_MM,
        },
        points={
            "entry": (PATH_OFFSET_MM, -math.sqrt(BRAIN_MM**2 - PATH_OFFSET_MM**2), 0),
            "target": (PATH_OFFSET_MM, math.sqrt(BRAIN_MM**2 - PATH_OFFSET_MM**2), 0),
        },
    )
