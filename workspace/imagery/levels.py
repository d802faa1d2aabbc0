"""Levels of volumes in memory, as many as there is room for."""

import threading
from collections import OrderedDict
from typing import Any, Final

from numpy.typing import NDArray

from imaging.volume_store.reading import OpenedVolume

MOST_BYTES: Final = 1 << 30
"""Six series of 512 x 512 x 300 at their finest."""


class LevelMemory:
    """Keeps the values of the levels that were used last; threads share one.

    Parameters
    ----------
    most_bytes : int, optional
        What all of them may take together.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, int], NDArray[Any]] = OrderedDict()
        self._reading: dict[tuple[str, int], threading.Lock] = {}
        self._turn = threading.Lock()

    @property
    def bytes_used(self) -> int:
        """What is taken now."""
        with self._turn:
            return sum(it.nbytes for it in self._kept.values())

    def fits(self, volume: OpenedVolume, level: int) -> bool:
        """Say whether a level could be kept at all."""
        k, j, i = volume.levels[level].shape_kji
        return k * j * i * volume.dtype.itemsize <= self._most_bytes

    def values(self, volume: OpenedVolume, level: int) -> NDArray[Any]:
        """Return the values of a level, read if they are not here; two who ask read them once.

        Raises
        ------
        RefusedFileError
            The volume is damaged.
        """
        name = (volume.folder.name, level)
        with self._turn:
            reading = self._reading.setdefault(name, threading.Lock())
        with reading:
            with self._turn:
                if name in self._kept:
                    self._kept.move_to_end(name)
                    return self._kept[name]
            values = volume.read(level)
            values.setflags(write=False)
            with self._turn:
                self._kept[name] = values
                self._make_room()
            return values

    def _make_room(self) -> None:
        while len(self._kept) > 1 and sum(it.nbytes for it in self._kept.values()) > (
            self._most_bytes
        ):
            self._kept.popitem(last=False)
