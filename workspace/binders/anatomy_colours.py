"""Names and colours of anatomy by SNOMED CT code."""

from typing import Final

from workspace.binders.rows import MeaningRow
from workspace.panels.words import key

MEANINGS: Final = (
    ("39937001", key("Skin"), (177, 122, 101)),
    ("89546000", key("Skull"), (241, 213, 144)),
    ("272673000", key("Bone"), (241, 213, 144)),
    ("91609006", key("Mandible"), (222, 198, 101)),
    ("12738006", key("Brain"), (250, 250, 225)),
    ("18545000", key("Dura mater"), (255, 244, 209)),
    ("51114001", key("Artery"), (216, 101, 79)),
    ("29092000", key("Vein"), (0, 151, 206)),
    ("59820001", key("Blood vessel"), (216, 101, 79)),
    ("119410002", key("Nerve"), (244, 214, 49)),
    ("10200004", key("Liver"), (221, 130, 101)),
    ("4147007", key("Mass"), (144, 238, 144)),
    ("85756007", key("Tissue"), (128, 174, 128)),
)
"""Code, meaning as in DICOM PS3.16 where it has one, and the colour that the field expects."""

NO_CODE: Final = (128, 128, 128)
"""Of a structure without a code, or with one that is not in the table."""


def meaning_rows() -> tuple[MeaningRow, ...]:
    """Return the table for the pages."""
    return tuple(
        MeaningRow(code=code, name=name, colour=hex_of(colour)) for code, name, colour in MEANINGS
    )


def hex_of(colour: tuple[int, int, int]) -> str:
    """Return a colour as a style names it.

    Examples
    --------
    >>> hex_of((0, 151, 206))
    '#0097ce'
    """
    return "#" + "".join(f"{value:02x}" for value in colour)
