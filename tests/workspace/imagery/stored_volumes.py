"""Volumes in a data folder, with closed-form grey values, and rooms that were made of them."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.catalog.catalog import Catalog
from imaging.catalog.facts import facts_of
from imaging.identity import Patient, SourceIdentity
from imaging.image_archive import ImageArchive
from imaging.space import Vector
from imaging.volume import Volume, VolumeGeometry, VolumeId
from workspace.imagery.room_images import RoomImages, note_images

STRAIGHT = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
NOW = "2026-01-02T00:00:00Z"


@dataclass(frozen=True)
class Ramp:
    """Grey values that are a linear function of the place."""

    gradient: Vector = (3.0, -2.0, 5.0)
    """Per mm, along L, P and S."""
    at_origin: float = 100.0

    def at(self, world: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values at places (..., 3)."""
        return np.asarray(world @ np.array(self.gradient) + self.at_origin)


def places_of(geometry: VolumeGeometry) -> NDArray[np.float64]:
    """Return where the voxel centres lie, (k, j, i, 3)."""
    k, j, i = np.indices(geometry.shape_kji)
    return geometry.index_to_world(np.stack([i, j, k], axis=-1))


def ramp_volume(geometry: VolumeGeometry, ramp: Ramp = Ramp()) -> Volume:
    """Return a volume whose values are a ramp."""
    return volume_of(ramp.at(places_of(geometry)).astype("<f4"), geometry)


def volume_of(voxels: NDArray[Any], geometry: VolumeGeometry, name: str = "one") -> Volume:
    """Return a volume of a series of this name."""
    return Volume(
        volume_id=VolumeId("v" + hashlib.sha256(name.encode()).hexdigest()[:12]),
        voxels=voxels,
        geometry=geometry,
        modality="CT",
        hu=True,
        description=f"series {name}",
        study_uid="1.2.3",
        series_uid=f"1.2.3.{name}",
        frame_of_reference_uid="1.2.9",
        slice_thickness_mm=1.0,
        acquired_on="2026-01-02",
        identity=SourceIdentity(study_uid="1.2.3", series_uid=f"1.2.3.{name}"),
    )


def keep(data: Path, volume: Volume, patient_id: str = "P1") -> str:
    """Store a volume and note it in the catalogue; return its key."""
    archive = ImageArchive(data)
    key = archive.volumes.put(volume).key
    with Catalog(archive.catalog_file) as catalog:
        identity = replace(volume.identity, patient=Patient(patient_id))
        catalog.record(identity, facts_of(volume, key), NOW)
    return key


def keep_for_room(data: Path, room_id: str, volume: Volume) -> str:
    """Store a volume as the one that a room was made of."""
    key = keep(data, volume)
    note_images(data, room_id, RoomImages(primary=key))
    return key
