"""How much a run measures: all of it, or just enough to see that everything works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Effort:
    """Sizes and repetitions."""

    runs: int
    """Turns A B that count; figures are medians over them."""
    slices: int
    """Of the imported series."""
    instances: int
    """Of the inspected study."""
    spacing_mm: float
    """Of the phantom that is opened as a room, on all axes."""
    picture_spacing_mm: float
    """Of the phantom whose room is looked at: fine enough for half a million triangles."""
    surface_spacing_mm: float
    """Of the phantom whose surface is made."""
    load_s: float
    """How long members send commands in one turn."""
    members: tuple[int, ...]
    """Sizes of the rooms that send commands."""
    presence_members: int
    joining: int
    """Members who join one after the other."""
    appends: int
    """Entries that are recorded one at a time in one turn."""
    history: int
    """Entries of a room with a long history."""


FULL: Final = Effort(
    runs=5,
    slices=300,
    instances=10_000,
    spacing_mm=1.0,
    picture_spacing_mm=0.47,
    surface_spacing_mm=0.8,
    load_s=4.0,
    members=(2, 20, 50),
    presence_members=20,
    joining=50,
    appends=300,
    history=10_000,
)

QUICK: Final = Effort(
    runs=2,
    slices=60,
    instances=400,
    spacing_mm=2.0,
    picture_spacing_mm=2.0,
    surface_spacing_mm=1.5,
    load_s=1.0,
    members=(2, 20),
    presence_members=20,
    joining=10,
    appends=50,
    history=700,
)
