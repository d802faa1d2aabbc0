"""A process that records one volume after the other and prints each that is on disk."""

import sys
from dataclasses import replace
from pathlib import Path

from imaging.catalog.catalog import Catalog
from tests.imaging.catalog.cases import JOAO, NOW, facts


def record(path: Path, life: str, last: int) -> None:
    """Record volumes of studies of their own, until killed or until the last one."""
    with Catalog(path) as catalog:
        for number in range(last):
            name = f"{life}.{number}"
            catalog.record(replace(JOAO, study_uid=name, series_uid=name), facts(name), NOW)
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
