"""A few capital letters drawn into a picture: enough to say which way is left, without a font."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

GLYPHS: Final = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "B": "11110 10001 10001 11110 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "F": "11111 10000 10000 11110 10000 10000 10000",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "P": "11110 10001 10001 11110 10000 10000 10000",
    "Q": "01110 10001 10001 10001 10101 10010 01101",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
"""Seven rows of five dots."""

DOT: Final = 2
"""Pixels."""


def lettered(picture: NDArray[np.uint8], text: str, corner: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture with white text on black, its upper left at `corner` (column, row)."""
    letters = [
        np.array([[int(dot) for dot in row] for row in GLYPHS[letter].split()], np.uint8)
        for letter in text
    ]
    dots = np.concatenate([np.pad(one, ((1, 1), (1, 0))) for one in letters], axis=1)
    stamp = np.kron(np.pad(dots, ((0, 0), (0, 1))), np.full((DOT, DOT), 255, np.uint8))
    written = picture.copy()
    column, row = corner
    room = written[row : row + stamp.shape[0], column : column + stamp.shape[1]]
    room[...] = stamp[: room.shape[0], : room.shape[1], None]
    return written
