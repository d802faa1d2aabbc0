"""Whether the metadata of a stored volume fit together; whatever does not is refused."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from imaging.errors import RefusedFileError
from imaging.volume import VolumeGeometry
from imaging.volume_store.description import FORMAT_VERSION, Description
from imaging.volume_store.layout import DTYPES, array_document, ome_attributes
from imaging.volume_store.pyramid import Level, coarser

MAX_VOXELS: Final = 2 * 2**30
"""As many as a volume of 4 GiB has at 16 bits."""

MOST_LEVELS: Final = 32

AGREEMENT_MM: Final = 1e-6
"""Between two statements of one place; both were written from the same doubles."""

_SAME_IN_ALL: Final = (
    "zarr_format",
    "node_type",
    "shape",
    "data_type",
    "chunk_grid",
    "chunk_key_encoding",
    "codecs",
    "storage_transformers",
)


def checked_levels(
    description: Description, ome: dict[str, Any], arrays: Sequence[dict[str, Any]]
) -> tuple[Level, ...]:
    """Return the levels that all documents agree on.

    Parameters
    ----------
    description : Description
        The `commissure` attributes.
    ome : dict
        The `ome` attributes.
    arrays : sequence of dict
        The metadata of each level's array.

    Raises
    ------
    RefusedFileError
        They do not agree, or no volume can be like that.
    """
    if description.format_version != FORMAT_VERSION:
        raise RefusedFileError(
            f"the volume is stored in version {description.format_version} of the format, this "
            f"program reads {FORMAT_VERSION}; use the program that wrote it",
            "damaged_volume",
        )
    _require(1 <= len(arrays) <= MOST_LEVELS, "levels")
    dtype = stored_dtype(arrays[0])
    levels = _levels(description, arrays[0].get("shape"))
    for number, (level, entry) in enumerate(zip(levels, description.levels, strict=True)):
        _require(entry.path == str(number), "paths")
        _require(_agree(entry.affine_lps, level.geometry.affine_lps.tolist()), "affines")
        wanted = array_document(level, dtype)
        _require(_agree(arrays[number], {name: wanted[name] for name in _SAME_IN_ALL}), "arrays")
    _require(_agree(description.affine_lps, levels[0].geometry.affine_lps.tolist()), "affine")
    _require(_agree(ome, ome_attributes(levels)), "places")
    return levels


def stored_dtype(array: dict[str, Any]) -> np.dtype[Any]:
    """Return the type of the voxels."""
    name = array.get("data_type")
    dtype = DTYPES.get(name) if isinstance(name, str) else None
    if dtype is None:
        raise _refusal("data type")
    return dtype


def _levels(description: Description, shape: Any) -> tuple[Level, ...]:  # noqa: ANN401 - JSON
    """Return the levels, as the finest grid and the factors give them."""
    _require(
        isinstance(shape, list)
        and len(shape) == 3  # noqa: PLR2004 - axes
        and all(type(count) is int and 1 <= count <= MAX_VOXELS for count in shape)
        and math.prod(shape) <= MAX_VOXELS,
        "shape",
    )
    try:
        geometry = VolumeGeometry(
            description.spacing_mm,
            description.origin_lps_mm,
            description.direction_lps,
            (shape[0], shape[1], shape[2]),
        )
    except ValueError as error:
        raise _refusal("grid") from error
    levels = [Level(geometry, (1, 1, 1))]
    _require(description.levels[0].factors_kji == (1, 1, 1), "factors")
    for entry in description.levels[1:]:
        _require(set(entry.factors_kji) <= {1, 2}, "factors")
        levels.append(Level(coarser(levels[-1].geometry, entry.factors_kji), entry.factors_kji))
    return tuple(levels)


def _agree(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    """Return whether `found` says all that `wanted` says; it may say more in objects."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            name in found and _agree(found[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list | tuple)
            and len(found) == len(wanted)
            and all(_agree(one, other) for one, other in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, float):
        number = isinstance(found, int | float) and not isinstance(found, bool)
        return number and abs(found - wanted) <= AGREEMENT_MM
    return type(found) is type(wanted) and bool(found == wanted)


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - the question itself
    if not holds:
        raise _refusal(what)


def _refusal(what: str) -> RefusedFileError:
    return RefusedFileError(
        f"the metadata of a stored volume do not fit together ({what}); import the series again",
        "damaged_volume",
    )
