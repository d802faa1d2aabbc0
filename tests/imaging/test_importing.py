"""Importing in a worker gives what reading in this process gives."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import RefusedFileError, WorkerError
from imaging.importing import import_volume, inspect_paths
from imaging.worker import Limits
from tests.imaging.dicom.written_series import Grid, write_series


def test_an_imported_volume_equals_a_read_one(tmp_path: Path) -> None:
    write_series(tmp_path)
    imported, read = import_volume([tmp_path]), read_volume([tmp_path])
    assert np.array_equal(imported.voxels, read.voxels)
    assert imported.geometry == read.geometry
    for name in ("volume_id", "modality", "hu", "description", "series_uid", "warnings"):
        assert getattr(imported, name) == getattr(read, name)


def test_nothing_of_an_import_stays_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    write_series(tmp_path / "series")
    volume = import_volume([tmp_path / "series"])
    assert list(scratch.iterdir()) == []
    assert volume.voxels[0, 0, 0] == -1024


def test_inspecting_in_a_worker_finds_the_same(tmp_path: Path) -> None:
    write_series(tmp_path)
    (tmp_path / "notes.txt").write_text("no DICOM")
    assert inspect_paths([tmp_path]) == inspect([tmp_path])


def test_a_refusal_crosses_over_unchanged(tmp_path: Path) -> None:
    victim = write_series(tmp_path)[1]
    victim.write_bytes(victim.read_bytes()[:-3])
    with pytest.raises(RefusedFileError, match=r"0001\.dcm is cut short") as error:
        import_volume([tmp_path])
    assert error.value.code == "truncated_file"


def test_a_series_beyond_the_memory_limit_is_one_sentence(tmp_path: Path) -> None:
    write_series(tmp_path, Grid(shape_kji=(2, 128, 128)))
    with pytest.raises(WorkerError) as error:
        import_volume([tmp_path], limits=Limits(memory_bytes=64 * 2**20))
    assert error.value.code in {"memory_limit", "died", "fault"}
