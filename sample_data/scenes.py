"""All scenes by name."""

from collections.abc import Callable
from typing import Final

from sample_data.craniopagus import craniopagus
from sample_data.drilling import bone_block, drilled_block
from sample_data.liver import liver
from sample_data.pedicle import pedicle
from sample_data.scene import Scene
from sample_data.solids import ball, box
from sample_data.trajectory import trajectory

SCENES: Final[dict[str, Callable[[], Scene]]] = {
    "craniopagus": craniopagus,
    "liver": liver,
    "pedicle": pedicle,
    "trajectory": trajectory,
    "bone-block": bone_block,
    "drilled-block": drilled_block,
    "ball": ball,
    "box": box,
}
