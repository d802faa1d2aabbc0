"""The same series twice, more of it later, and other pixels under the same name."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.dicom.reading import read_volume
from imaging.errors import ConflictError
from imaging.volume_store.originals import Original, OriginalStore
from imaging.volume_store.store import VolumeStore
from imaging.volume_store.writing import StoredVolume
from tests.imaging.dicom.written_series import Grid, write_series
from tests.imaging.volume_store.stored_volumes import noise, volume


def originals(count: int, *, first: int = 0, version: str = "a") -> list[Original]:
    return [
        Original(f"{k:02d}{version}".ljust(64, "0"), 1000, f"1.2.3.4.{k}", (k - first,))
        for k in range(first, first + count)
    ]


def stored(
    store: VolumeStore, voxels: NDArray[np.generic], files: Sequence[Original]
) -> StoredVolume:
    return store.put(volume(voxels), files)


def test_importing_the_same_series_twice_makes_one_volume(tmp_path: Path) -> None:
    series, store = tmp_path / "series", VolumeStore(tmp_path / "volumes")
    kept = OriginalStore(tmp_path / "originals")
    series.mkdir()
    write_series(series, Grid())
    files = sorted(series.iterdir())
    before = {path: path.read_bytes() for path in files}
    results = []
    for paths in (files, files[::-1]):
        with store.writing() as writer:
            read = read_volume(paths, None, sink=writer)
            results.append(writer.finish(read, kept.keep_all(paths)))
    assert [one.is_new for one in results] == [True, False]
    assert store.keys() == (results[0].key,) == (results[1].key,)
    described = store.open(results[0].key).description
    assert len(described.originals) == len(files)
    for original in described.originals:
        kept.verify(original.sha256)
    assert {path: path.read_bytes() for path in files} == before


def test_a_series_of_which_more_slices_come_later_makes_a_volume_beside_the_first(
    tmp_path: Path,
) -> None:
    store, voxels = VolumeStore(tmp_path), noise((9, 5, 5))
    first = stored(store, voxels[:6].copy(), originals(6))
    second = stored(store, voxels, originals(9))
    assert second.is_new
    assert set(store.keys()) == {first.key, second.key}
    assert first.key.partition("-")[0] == second.key.partition("-")[0]
    assert np.array_equal(store.open(first.key).read(0), voxels[:6])


def test_a_file_with_the_same_pixels_and_another_header_is_no_conflict(tmp_path: Path) -> None:
    store, voxels = VolumeStore(tmp_path), noise((9, 5, 5))
    first = stored(store, voxels.copy(), originals(9))
    assert stored(store, voxels.copy(), originals(9, version="b")) == StoredVolume(
        first.key, is_new=False
    )
    assert stored(store, voxels[3:].copy(), originals(6, first=3, version="b")).is_new


def test_the_same_instance_with_other_pixels_is_a_conflict_and_overwrites_nothing(
    tmp_path: Path,
) -> None:
    """Abuse list, row 54."""
    store, voxels = VolumeStore(tmp_path), noise((70, 5, 5))
    key = stored(store, voxels.copy(), originals(70)).key
    forged = voxels.copy()
    forged[66, 2, 2] += 1
    with pytest.raises(ConflictError, match="1 of these images") as conflict:
        stored(store, forged, originals(70, version="b"))
    assert conflict.value.code == "conflicting_instance"
    assert store.keys() == (key,)
    assert np.array_equal(store.open(key).read(0), voxels)


def test_an_instance_of_another_size_under_the_same_name_is_a_conflict(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    stored(store, noise((4, 5, 5)), originals(4))
    with pytest.raises(ConflictError, match="4 of these images"):
        stored(store, noise((4, 6, 6)), originals(4, version="b"))


def test_where_it_is_not_known_which_slices_a_file_holds_it_must_be_the_same_file(
    tmp_path: Path,
) -> None:
    store, voxels = VolumeStore(tmp_path), noise((4, 5, 5))
    stored(store, voxels, [Original("a" * 64, 9, "1.2.3")])
    assert stored(store, voxels[1:].copy(), [Original("a" * 64, 9, "1.2.3")]).is_new
    with pytest.raises(ConflictError):
        stored(store, voxels[2:].copy(), [Original("b" * 64, 9, "1.2.3")])
