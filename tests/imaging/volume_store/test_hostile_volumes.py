"""Stored volumes that lie, or were damaged: refused, and nothing is allocated on their word."""

import json
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from imaging.errors import RefusedFileError
from imaging.volume_store.bricks import crc_of, decoded, encoded, longest
from imaging.volume_store.reading import OpenedVolume, open_volume
from imaging.volume_store.store import VolumeStore
from tests.imaging.volume_store.stored_volumes import grid, noise, volume

SHAPE = (70, 66, 66)
FEW_BYTES: Final = 8 * 2**20
"""Documents, buffers and the libraries that are loaded meanwhile; a lie claims terabytes."""

Document = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = VolumeStore(tmp_path)
    return tmp_path / store.put(volume(noise(SHAPE), grid(SHAPE, (1, 1, 1)))).key


def changed(path: Path, change: Callable[[Document], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def ours(document: Document) -> Document:
    found: Document = document["attributes"]["commissure"]
    return found


def ome(document: Document) -> Document:
    found: Document = document["attributes"]["ome"]["multiscales"][0]
    return found


def inner(document: Document) -> Document:
    found: Document = document["codecs"][0]["configuration"]
    return found


LIES_OF_ARRAYS: Final[dict[str, Callable[[Document], object]]] = {
    "a huge shape": lambda it: it.update(shape=[2**40, 2**40, 2**40]),
    "a shape that overflows": lambda it: it.update(shape=[2**31, 2**31, 4]),
    "a larger shape": lambda it: it.update(shape=[71, 66, 66]),
    "a negative shape": lambda it: it.update(shape=[-1, 66, 66]),
    "a shape of text": lambda it: it.update(shape=["70", 66, 66]),
    "two axes": lambda it: it.update(shape=[70, 66]),
    "no shape": lambda it: it.pop("shape"),
    "another type": lambda it: it.update(data_type="float64"),
    "no type": lambda it: it.update(data_type={"name": "int16"}),
    "a huge brick": lambda it: inner(it).update(chunk_shape=[2**20, 2**20, 2**20]),
    "another codec": lambda it: inner(it).update(codecs=[{"name": "gzip"}]),
    "no codecs": lambda it: it.update(codecs=[]),
    "a link to elsewhere": lambda it: it.update(storage_transformers=[{"name": "http"}]),
    "another version": lambda it: it.update(zarr_format=2),
    "another byte order": lambda it: inner(it)["codecs"][0]["configuration"].update(endian="big"),
}

LIES_OF_GROUPS: Final[dict[str, Callable[[Document], object]]] = {
    "another version of ours": lambda it: ours(it).update(format_version=2),
    "no version of ours": lambda it: ours(it).pop("format_version"),
    "a path out of the folder": lambda it: ours(it)["levels"][0].update(path="../../etc"),
    "a path of OME out of the folder": lambda it: ome(it)["datasets"][0].update(path="/etc"),
    "a scale of OME": lambda it: ome(it)["datasets"][1]["coordinateTransformations"][0].update(
        scale=[2, 2, 2.1]
    ),
    "a translation of OME": lambda it: ome(it)["datasets"][1]["coordinateTransformations"][
        1
    ].update(translation=[100, 12.25, -31]),
    "no datasets": lambda it: ome(it).update(datasets=[]),
    "another affine": lambda it: ours(it)["affine_lps"][0].__setitem__(3, 0.0),
    "another affine of a level": lambda it: ours(it)["levels"][1]["affine_lps"][0].__setitem__(
        3, 0.0
    ),
    "a spacing of nothing": lambda it: ours(it).update(spacing_mm=[0, 1, 1]),
    "a spacing that is no number": lambda it: ours(it).update(spacing_mm=[None, 1, 1]),
    "a flat grid": lambda it: ours(it).update(direction_lps=[[1, 0, 0], [1, 0, 0], [0, 0, 1]]),
    "no levels": lambda it: ours(it).update(levels=[]),
    "a thousand levels": lambda it: ours(it).update(levels=ours(it)["levels"] * 300),
    "another factor": lambda it: ours(it)["levels"][1].update(factors_kji=[2**40, 1, 1]),
    "another factor of the finest": lambda it: ours(it)["levels"][0].update(factors_kji=[2, 1, 1]),
    "an array": lambda it: it.update(node_type="array"),
    "no attributes of ours": lambda it: it["attributes"].pop("commissure"),
}


@pytest.mark.parametrize("lie", LIES_OF_ARRAYS)
def test_an_array_that_claims(folder: Path, lie: str) -> None:
    changed(folder / "0" / "zarr.json", LIES_OF_ARRAYS[lie])
    refused_in_little_memory(folder)


@pytest.mark.parametrize("lie", LIES_OF_GROUPS)
def test_a_volume_that_claims(folder: Path, lie: str) -> None:
    changed(folder / "zarr.json", LIES_OF_GROUPS[lie])
    refused_in_little_memory(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"null", b'{"attributes": 1}', b" " * (17 * 2**20)],
    ids=["empty", "cut", "deep", "no text", "null", "wrong kind", "long"],
)
def test_a_document_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / "zarr.json").write_bytes(content)
    refused_in_little_memory(folder)


def refused_in_little_memory(folder: Path) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFileError) as refusal:
            open_volume(folder)
        assert tracemalloc.get_traced_memory()[1] < FEW_BYTES
    finally:
        tracemalloc.stop()
    assert refusal.value.code == "damaged_volume"


@pytest.mark.parametrize("name", ["zarr.json", "0/c/0/0/0"])
@pytest.mark.parametrize("what", ["missing", "link", "pipe", "folder"])
def test_a_file_that_is_no_file_is_refused_at_once(folder: Path, name: str, what: str) -> None:
    path = folder / name
    elsewhere = folder.parent / "elsewhere"
    path.rename(elsewhere)
    if what == "link":
        path.symlink_to(elsewhere)
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    with pytest.raises(RefusedFileError):
        open_volume(folder).read(0)


def test_every_changed_byte_of_a_shard_is_noticed(folder: Path) -> None:
    shard = folder / "0/c/0/0/0"
    content = shard.read_bytes()
    for place in np.random.default_rng(1).integers(0, len(content), 40).tolist():
        shard.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        with pytest.raises(RefusedFileError) as refusal:
            open_volume(folder).read(0)
        assert refusal.value.code == "damaged_volume"


@pytest.mark.parametrize("kept", [0, 3, 60, 1000])
def test_a_shard_that_is_cut_short_is_refused(folder: Path, kept: int) -> None:
    shard = folder / "0/c/0/0/0"
    shard.write_bytes(shard.read_bytes()[:kept])
    with pytest.raises(RefusedFileError):
        open_volume(folder).read(0)


@pytest.mark.parametrize(
    ("offset", "length"), [(2**64 - 1, 2**64 - 1), (0, 2**40), (2**63, 100), (10**9, 100)]
)
def test_an_index_that_points_elsewhere_is_refused(folder: Path, offset: int, length: int) -> None:
    shard = folder / "0/c/0/0/0"
    content = shard.read_bytes()
    count = 2 * 2 * 16
    index = struct.pack("<QQ", offset, length) + content[-count - 4 + 16 : -4]
    shard.write_bytes(content[: -count - 4] + index + crc_of(index))
    with pytest.raises(RefusedFileError):
        open_volume(folder).read(0)


@pytest.mark.parametrize("at", [2, 3, 4, 12])
def test_a_brick_whose_header_lies_is_refused_before_it_is_unpacked(at: int) -> None:
    """Flags, size of a value, size of the brick, size of the frame."""
    brick = noise((8, 8, 8))
    content = bytearray(encoded(brick, bytearray(longest((8, 8, 8), brick.dtype))))
    content[at] ^= 0x21
    content[-4:] = crc_of(content[:-4])
    with pytest.raises(RefusedFileError, match="not what the volume's metadata say"):
        decoded(bytes(content), (8, 8, 8), brick.dtype)


def test_a_volume_whose_voxels_were_replaced_does_not_verify(folder: Path) -> None:
    """By bricks that are whole in themselves: those of another volume of the same shape."""
    other_store = VolumeStore(folder.parent / "other")
    other = other_store.put(volume(noise(SHAPE, seed=2), grid(SHAPE, (1, 1, 1)))).key
    theirs: OpenedVolume = other_store.open(other)
    open_volume(folder).verify()
    (folder / "0/c/1/0/0").write_bytes((theirs.folder / "0/c/1/0/0").read_bytes())
    with pytest.raises(RefusedFileError, match="not those that were imported"):
        open_volume(folder).verify()
