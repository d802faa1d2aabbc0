"""How a scene is scanned."""

from dataclasses import dataclass
from typing import Final, Literal

from imaging.space import Vector

Orientation = Literal["axial", "coronal", "sagittal", "oblique"]
PatientPosition = Literal["HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"]
SliceOrder = Literal["ascending", "descending", "shuffled"]
Modality = Literal["CT", "MR"]

NOISE_HU: Final = 15.0
"""Of a head CT at a usual dose."""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How a scene is scanned."""

    spacing_mm: Vector = (1.0, 1.0, 1.0)
    """Distance between voxel centres along (i, j, k)."""
    orientation: Orientation = "axial"
    """How the slices lie in the gantry."""
    patient_position: PatientPosition = "HFS"
    slice_order: SliceOrder = "ascending"
    """How InstanceNumber, and with it the file names, runs along k."""
    modality: Modality = "CT"
    """An MR is a copy in a frame of its own, moved by `MR_FROM_CT`."""
    noise_sd: float = NOISE_HU
    """In grey values."""
    seed: int = 1
    """Of the noise, and of shuffled slices."""
    tilt_deg: float = 0.0
    """Of the gantry, about the i axis: j leans towards k. The table goes on along k, so that the
    slices make a sheared grid; `spacing_mm` along k is the table's step."""


PLAIN_SCAN: Final = Acquisition()
