"""What other programs find in a stored volume."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imaging.space import Vector
from imaging.volume_store.layout import array_document
from imaging.volume_store.pyramid import planned_levels
from imaging.volume_store.reading import OpenedVolume
from imaging.volume_store.store import VolumeStore
from tests.imaging.volume_store.stored_volumes import AXIAL, OBLIQUE, SHEARED, grid, noise, volume

SHAPE = (70, 130, 66)


@pytest.fixture(params=["int16", "float32"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> OpenedVolume:
    store = VolumeStore(tmp_path)
    given = volume(noise(SHAPE, request.param), grid(SHAPE, (0.4, 0.5, 1.5)))
    return store.open(store.put(given).key)


def test_ngff_zarr_finds_the_same_voxels_and_places(stored: OpenedVolume) -> None:
    import ngff_zarr

    multiscales = ngff_zarr.from_ngff_zarr(str(stored.folder))
    assert len(multiscales.images) == len(stored.levels) >= 3
    for number, image in enumerate(multiscales.images):
        geometry = stored.levels[number].geometry
        assert np.array_equal(np.asarray(image.data), stored.read(number))
        assert list(image.dims) == ["z", "y", "x"]
        assert [image.scale[axis] for axis in "xyz"] == pytest.approx(geometry.spacing)
        assert [image.translation[axis] for axis in "xyz"] == pytest.approx(geometry.origin)
        assert set(image.axes_units.values()) == {"millimeter"}


def test_tensorstore_finds_the_same_voxels(stored: OpenedVolume) -> None:
    import tensorstore

    for number in range(len(stored.levels)):
        place = {"driver": "file", "path": f"{stored.folder}/{number}"}
        opened = tensorstore.open({"driver": "zarr3", "kvstore": place}).result()
        assert np.array_equal(opened.read().result(), stored.read(number))
        assert opened.domain.labels == ("z", "y", "x")


def test_zarr_python_finds_the_same_voxels(stored: OpenedVolume) -> None:
    import zarr

    group = zarr.open_group(stored.folder, mode="r")
    for number in range(len(stored.levels)):
        assert np.array_equal(np.asarray(group[str(number)]), stored.read(number))


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_the_metadata_of_an_array_are_those_that_zarr_python_writes(
    tmp_path: Path, dtype: str
) -> None:
    import zarr
    from zarr.codecs import BloscCodec, Crc32cCodec

    level = planned_levels(grid(SHAPE))[0]
    itemsize = np.dtype(dtype).itemsize
    zarr.create_array(
        tmp_path,
        shape=SHAPE,
        dtype=dtype,
        chunks=(64, 64, 64),
        shards=(64, 192, 128),
        compressors=[
            BloscCodec(
                typesize=itemsize,
                cname="zstd",
                clevel=1,
                shuffle="shuffle",
                blocksize=524_288,
            ),
            Crc32cCodec(),
        ],
        fill_value=0,
        dimension_names=["z", "y", "x"],
    )
    written: dict[str, Any] = json.loads((tmp_path / "zarr.json").read_text())
    assert array_document(level, np.dtype(dtype)) == written


@pytest.mark.parametrize("direction", [OBLIQUE, SHEARED])
def test_axes_beside_those_of_the_patient_are_measured_along_the_volume(
    tmp_path: Path, direction: tuple[Vector, Vector, Vector]
) -> None:
    """OME-Zarr 0.5 has no rotation: its coordinates start at the first voxel then."""
    store = VolumeStore(tmp_path)
    stored = store.open(store.put(volume(noise(SHAPE), grid(SHAPE, (1, 1, 1), direction))).key)
    document = json.loads((stored.folder / "zarr.json").read_text())
    datasets = document["attributes"]["ome"]["multiscales"][0]["datasets"]
    starts = [one["coordinateTransformations"][1]["translation"] for one in datasets]
    assert starts == [[0, 0, 0], [0.5, 0.5, 0.5], [1.5, 1.5, 1.5]]
    affines = [level["affine_lps"] for level in document["attributes"]["commissure"]["levels"]]
    for affine, level in zip(affines, stored.levels, strict=True):
        np.testing.assert_allclose(affine, level.geometry.affine_lps, rtol=0, atol=1e-9)


def test_no_name_of_a_patient_and_no_name_of_a_file_is_written(tmp_path: Path) -> None:
    import dataclasses

    from imaging.identity import Patient, SourceIdentity
    from imaging.volume import VolumeId

    secret = SourceIdentity(patient=Patient("SECRET-ID", "", "SECRET^NAME", "1999-09-09", "F"))
    named = dataclasses.replace(
        volume(noise((5, 5, 5)), grid((5, 5, 5), (1, 1, 1), AXIAL)),
        identity=secret,
        volume_id=VolumeId("SECRET^NAME.nii.gz"),
    )
    key = VolumeStore(tmp_path).put(named).key
    assert "SECRET" not in key
    for file in tmp_path.rglob("*"):
        assert "SECRET" not in str(file)
        assert not file.is_file() or b"SECRET" not in file.read_bytes()
        assert not file.is_file() or b"1999-09-09" not in file.read_bytes()
