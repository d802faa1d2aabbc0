"""The documents of Zarr and OME-Zarr, and where layers of bricks lie.

Written as zarr-python writes them (a test compares), but without importing it: that takes 0.4 s,
as long as the import of a whole series.

References
----------
Zarr core specification 3.0; OME-Zarr 0.5, "multiscales".
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from imaging.space import Vector
from imaging.volume import VolumeGeometry
from imaging.volume_store.bricks import BLOCK_BYTES, CLEVEL, SHUFFLE
from imaging.volume_store.pyramid import Level

DOCUMENT: Final = "zarr.json"
OME_VERSION: Final = "0.5"
DTYPES: Final[dict[str, np.dtype[Any]]] = {"int16": np.dtype("<i2"), "float32": np.dtype("<f4")}

_BYTES: Final = {"name": "bytes", "configuration": {"endian": "little"}}
_CRC: Final = {"name": "crc32c"}

STRAIGHT: Final = 1e-4
"""How far a direction may be off the axis of the patient and still be written as that axis."""


def shard_path(folder: Path, level: int, layer: int) -> Path:
    """Return where a layer of bricks lies."""
    return folder / str(level) / "c" / str(layer) / "0" / "0"


def array_document(level: Level, dtype: np.dtype[Any]) -> dict[str, Any]:
    """Return the metadata of one level's array."""
    depth, height, width = level.brick_kji
    _, rows, columns = level.bricks_kji
    return {
        "shape": list(level.shape_kji),
        "data_type": dtype.name,
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": [depth, rows * height, columns * width]},
        },
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": 0 if dtype.kind == "i" else 0.0,
        "codecs": [
            {
                "name": "sharding_indexed",
                "configuration": {
                    "chunk_shape": [depth, height, width],
                    "codecs": [_BYTES, _blosc(dtype.itemsize), _CRC],
                    "index_codecs": [_BYTES, _CRC],
                    "index_location": "end",
                },
            }
        ],
        "attributes": {},
        "dimension_names": ["z", "y", "x"],
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def _blosc(itemsize: int) -> dict[str, Any]:
    return {
        "name": "blosc",
        "configuration": {
            "typesize": itemsize,
            "cname": "zstd",
            "clevel": CLEVEL,
            "shuffle": SHUFFLE,
            "blocksize": BLOCK_BYTES,
        },
    }


def group_document(levels: Sequence[Level], commissure: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of the whole: OME's attributes, and ours beside them."""
    return {
        "attributes": {"ome": ome_attributes(levels), "commissure": commissure},
        "zarr_format": 3,
        "node_type": "group",
    }


def ome_attributes(levels: Sequence[Level]) -> dict[str, Any]:
    """Return where voxel centres lie, as far as OME-Zarr 0.5 can say it.

    Its z, y and x are those of LPS where the volume's axes are the patient's. Else they run along
    the volume's own axes from the centre of its first voxel: version 0.5 has no rotation, and a
    half-truth about the patient's axes would be worse than none.
    """
    start = levels[0].geometry.origin if is_straight(levels[0].geometry) else (0.0, 0.0, 0.0)
    return {
        "version": OME_VERSION,
        "multiscales": [
            {
                "name": "volume",
                "type": "mean",
                "metadata": {"description": "each voxel is the mean of a block of finer ones"},
                "axes": [{"name": name, "type": "space", "unit": "millimeter"} for name in "zyx"],
                "datasets": [
                    {
                        "path": str(number),
                        "coordinateTransformations": [
                            {"type": "scale", "scale": list(level.geometry.spacing[::-1])},
                            {
                                "type": "translation",
                                "translation": _first_centre(levels[0], level, start),
                            },
                        ],
                    }
                    for number, level in enumerate(levels)
                ],
            }
        ],
    }


def is_straight(geometry: VolumeGeometry) -> bool:
    """Return whether i, j and k run along x, y and z of the patient."""
    return bool(np.allclose(np.array(geometry.direction), np.eye(3), rtol=0, atol=STRAIGHT))


def _first_centre(finest: Level, level: Level, start: Vector) -> list[float]:
    """Return (z, y, x) of the centre of a level's first voxel."""
    pairs = zip(level.geometry.spacing, finest.geometry.spacing, start, strict=True)
    return [first + (coarse - fine) / 2 for coarse, fine, first in pairs][::-1]


def json_bytes(document: dict[str, Any]) -> bytes:
    """Return a document as it is written."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1)
