"""Volumes to store, and what each level of them must hold."""

import dataclasses
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.space import Vector
from imaging.volume import Volume, VolumeGeometry, VolumeId
from imaging.volume_store.originals import Original
from imaging.volume_store.store import VolumeStore
from imaging.volume_store.writing import StoredVolume, VolumeWriter

AXIAL: tuple[Vector, Vector, Vector] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
OBLIQUE: tuple[Vector, Vector, Vector] = ((0.6, 0.8, 0.0), (-0.8, 0.6, 0.0), (0.0, 0.0, 1.0))
SHEARED: tuple[Vector, Vector, Vector] = ((1.0, 0.0, 0.0), (0.0, 0.96, 0.28), (0.0, 0.0, 1.0))


def grid(
    shape_kji: tuple[int, int, int],
    spacing: Vector = (0.5, 0.5, 1.0),
    direction: tuple[Vector, Vector, Vector] = AXIAL,
) -> VolumeGeometry:
    return VolumeGeometry(spacing, (-31.5, 12.25, 100.0), direction, shape_kji)


def noise(shape_kji: tuple[int, int, int], dtype: str = "int16", seed: int = 1) -> NDArray[Any]:
    random = np.random.default_rng(seed)
    if dtype == "int16":
        return random.integers(-1024, 3072, shape_kji, dtype=np.int16)
    return random.normal(0, 1000, shape_kji).astype(np.float32)


def volume(
    voxels: NDArray[Any], geometry: VolumeGeometry | None = None, *, hu: bool = True
) -> Volume:
    k, j, i = voxels.shape
    return Volume(
        volume_id=VolumeId("v0123456789ab"),
        voxels=voxels,
        geometry=geometry or grid((k, j, i)),
        modality="CT" if hu else "MR",
        hu=hu,
        description="head, thin",
        study_uid="1.2.3",
        series_uid="1.2.3.4",
        frame_of_reference_uid="1.2.3.5",
        slice_thickness_mm=1.25,
        acquired_on="2024-05-06",
        warnings=(("placement", "voxels lie up to 0.05 mm away"),),
    )


def write_in_order(
    writer: VolumeWriter, given: Volume, order: Sequence[int], threads: int = 3
) -> None:
    """Fill the slices in this order, from several threads at once."""
    array = writer.begin(given.geometry.shape_kji, given.voxels.dtype)
    waiting = list(order)[::-1]

    def work() -> None:
        while waiting:
            try:
                k = waiting.pop()
            except IndexError:
                return
            array[k] = given.voxels[k]
            writer.filled(k)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def store_in_order(
    store: VolumeStore, given: Volume, order: Sequence[int], originals: Sequence[Original] = ()
) -> StoredVolume:
    """Store a volume slice by slice, and say beforehand what it will be."""
    with store.writing() as writer:
        writer.expect(given.geometry, hu=given.hu)
        write_in_order(writer, given, order)
        array = writer._array
        assert array is not None
        return writer.finish(replaced(given, array), originals)


def replaced(given: Volume, voxels: NDArray[Any]) -> Volume:
    """Return the volume with the same voxels in another array."""
    return dataclasses.replace(given, voxels=voxels)


def means(voxels: NDArray[Any], factors: tuple[int, int, int]) -> NDArray[Any]:
    """Return the mean of each block, worked out in the plainest way, in float64."""
    missing = [(0, -count % factor) for count, factor in zip(voxels.shape, factors, strict=True)]
    filled = np.pad(voxels.astype(np.float64), missing, mode="edge")
    k, j, i = (count // factor for count, factor in zip(filled.shape, factors, strict=True))
    blocks = filled.reshape(k, factors[0], j, factors[1], i, factors[2])
    mean: NDArray[np.float64] = blocks.mean(axis=(1, 3, 5))
    return np.floor(mean + 0.5).astype(np.int16) if voxels.dtype == np.int16 else mean
