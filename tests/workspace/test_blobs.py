import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workspace.blobs import BlobStore
from workspace.errors import BundleError


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=1000))
def test_a_blob_is_read_back_by_its_sha256(tmp_path: Path, blob: bytes) -> None:
    store = BlobStore(tmp_path)
    name = store.put(blob)
    assert name == hashlib.sha256(blob).hexdigest()
    assert store.has(name)
    assert store.read(name) == blob
    assert store.path(name) == tmp_path / name[:2] / name


def test_many_who_put_the_same_blob_at_once_leave_one_file(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(store.put, [b"skull" * 1000] * 32))
    assert len(names) == 1
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == list(names)


def test_a_blob_that_was_changed_on_disk_is_refused(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    name = store.put(b"skull")
    store.path(name).write_bytes(b"other")
    with pytest.raises(BundleError, match="changed on disk"):
        store.read(name)


def test_a_missing_blob_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="missing"):
        BlobStore(tmp_path).read("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_sha256_reaches_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match=r"no SHA-256"):
        BlobStore(tmp_path).path(name)
