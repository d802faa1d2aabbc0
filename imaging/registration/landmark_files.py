"""Landmark pairs in JSON and CSV files: mm, LPS."""

import csv
import io
from pathlib import Path
from typing import Final

import msgspec

from imaging.errors import PairedPointsError, SourceError
from imaging.registration.landmarks import MOST_PAIRS, LandmarkPair

COLUMNS: Final = ("fixed_x", "fixed_y", "fixed_z", "moving_x", "moving_y", "moving_z")
"""Of a CSV file, in any order; `name` may stand beside them."""

MAX_BYTES: Final = 2**20
"""A thousand pairs with long names take a fifth of it."""


def read_landmarks(path: Path) -> tuple[LandmarkPair, ...]:
    """Return the pairs of a file.

    Parameters
    ----------
    path : Path
        ``.json``: a list of ``{"fixed": [x, y, z], "moving": [x, y, z], "name": "..."}``, the name
        optional. ``.csv``: a header with `COLUMNS`, then one pair a line.

    Raises
    ------
    SourceError
        There is no such file.
    PairedPointsError
        It holds no pairs of points.
    """
    if not path.is_file():
        raise SourceError(f"there is no file {path}; check the path", "no_such_path")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise PairedPointsError(
            f"{path.name} is longer than {MOST_PAIRS} landmark pairs are; check the path",
            "bad_landmarks",
        )
    try:
        return _from_csv(content) if path.suffix.lower() == ".csv" else _from_json(content)
    except (ValueError, KeyError, TypeError, csv.Error, RecursionError) as error:
        raise PairedPointsError(
            f"{path.name} holds no landmark pairs; write JSON as "
            '[{"fixed": [x, y, z], "moving": [x, y, z]}, ...], or CSV with the columns '
            f"{', '.join(COLUMNS)}",
            "bad_landmarks",
        ) from error


def _from_json(content: bytes) -> tuple[LandmarkPair, ...]:
    return tuple(msgspec.json.decode(content, type=list[LandmarkPair]))


def _from_csv(content: bytes) -> tuple[LandmarkPair, ...]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), skipinitialspace=True)
    pairs = []
    for row in rows:
        fx, fy, fz, mx, my, mz = (float(row[column]) for column in COLUMNS)
        pairs.append(LandmarkPair((fx, fy, fz), (mx, my, mz), row.get("name") or ""))
    return tuple(pairs)
