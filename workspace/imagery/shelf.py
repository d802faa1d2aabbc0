"""The volumes that a room's members see: its own, and those that belong beside it."""

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import LARGEST_PAGE, CatalogedStudy, CatalogedVolume, Query
from imaging.errors import ImagingError, UnregisteredFramesError
from imaging.grey_window import GreyWindow
from imaging.image_archive import ImageArchive
from imaging.registration.frames import Placement, placement_between
from imaging.registration.registration import RigidRegistration
from imaging.volume_store.reading import OpenedVolume
from workspace.imagery.registrations import kept_registrations
from workspace.imagery.room_images import images_of_room
from workspace.imagery.windows import start_window, value_range

LOOKED_UP_FOR_S: Final = 20.0
"""How long an answer counts: a volume that is taken out of sight is gone after that."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownVolume:
    """A volume of a room."""

    key: str
    opened: OpenedVolume
    window: GreyWindow
    range: tuple[float, float]
    is_primary: bool
    placement: Placement | None
    """How it lies in the primary volume's world; None where nothing says that."""


class VolumeShelf:
    """Opens the volumes of rooms; threads may share one.

    Parameters
    ----------
    data : Path
        The data folder.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._archive = ImageArchive(data)
        self._of_room: dict[str, tuple[float, tuple[ShownVolume, ...]]] = {}
        self._looks: dict[str, tuple[OpenedVolume, GreyWindow, tuple[float, float]]] = {}
        self._turn = threading.Lock()

    def volumes(self, room_id: str) -> tuple[ShownVolume, ...]:
        """Return the volumes of a room, its own first; none where they are not here."""
        with self._turn:
            known = self._of_room.get(room_id)
            if known is not None and time.monotonic() < known[0]:
                return known[1]
            volumes = tuple(self._found(room_id))
            if volumes:  # a room that is just being made has them in a moment
                self._of_room[room_id] = (time.monotonic() + LOOKED_UP_FOR_S, volumes)
            return volumes

    def volume(self, room_id: str, key: str) -> ShownVolume | None:
        """Return a volume of a room, if it is one."""
        return next((it for it in self.volumes(room_id) if it.key == key), None)

    def _found(self, room_id: str) -> Iterator[ShownVolume]:
        images = images_of_room(self._data, room_id)
        if images is None or not self._archive.catalog_file.is_file():
            return
        with contextlib.suppress(ImagingError), Catalog(self._archive.catalog_file) as catalog:
            primary = self._shown(images.primary, Placement(), is_primary=True)
            own = primary.opened.description
            studies = _studies_of_patient(catalog, own.volume_id)
            if not any(_holds(study, own.volume_id) for study in studies):
                return  # taken out of sight
            yield primary
            registrations = kept_registrations(self._data)
            for volume, in_study in _others(studies, own.volume_id):
                frames = own.frame_of_reference_uid, volume.facts.frame_of_reference_uid
                placement = _placement(*frames, registrations)
                if volume.facts.store_key and (in_study or placement is not None):
                    with contextlib.suppress(ImagingError):  # damaged: the others are shown
                        yield self._shown(volume.facts.store_key, placement, is_primary=False)

    def _shown(self, key: str, placement: Placement | None, *, is_primary: bool) -> ShownVolume:
        if key not in self._looks:
            opened = self._archive.volumes.open(key)
            coarsest = opened.read(len(opened.levels) - 1)
            facts = opened.description
            window = start_window(coarsest, hu=facts.hu, stated=facts.window)
            self._looks[key] = (opened, window, value_range(coarsest))
        opened, window, extremes = self._looks[key]
        return ShownVolume(key, opened, window, extremes, is_primary, placement)


def _studies_of_patient(catalog: Catalog, volume_id: str) -> tuple[CatalogedStudy, ...]:
    """Return all studies of the patient whom a volume shows."""
    own = catalog.studies_of(volume_id)
    pseudonyms = {study.patient.pseudonym for study in own if _holds(study, volume_id)}
    return tuple(
        study
        for pseudonym in sorted(pseudonyms)
        for study in catalog.search(Query(text=pseudonym, limit=LARGEST_PAGE)).studies
        if study.patient.pseudonym == pseudonym
    )


def _others(
    studies: Iterable[CatalogedStudy], volume_id: str
) -> list[tuple[CatalogedVolume, bool]]:
    """Return the patient's other volumes, and whether each is of a study of this volume."""
    found = {
        volume.facts.store_key: (volume, _holds(study, volume_id))
        for study in studies
        for volume in _in_sight(study)
        if volume.facts.volume_id != volume_id
    }
    return [found[key] for key in sorted(found)]


def _in_sight(study: CatalogedStudy) -> Iterator[CatalogedVolume]:
    return (it for series in study.series for it in series.volumes if not it.removed_at)


def _holds(study: CatalogedStudy, volume_id: str) -> bool:
    return any(it.facts.volume_id == volume_id for it in _in_sight(study))


def _placement(
    fixed_frame: str, moving_frame: str, registrations: Iterable[RigidRegistration]
) -> Placement | None:
    """Return how one frame lies in the other, if anything says so."""
    with contextlib.suppress(UnregisteredFramesError):
        return placement_between(fixed_frame, moving_frame, registrations)
    return None
