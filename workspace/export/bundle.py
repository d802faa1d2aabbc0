"""The whole room as one file: its log and every surface that the log names.

A zip with ``log.jsonl`` (see `sessions.archive`) and ``surfaces/<sha256>``. Reading trusts nothing:
names, sizes, hashes and the log's chain are checked before anything is kept.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from segmentation.errors import SurfaceError
from sessions.archive import export_entries, import_entries
from sessions.plan.events import CutApplied, Entry, SegmentAdded
from workspace.blobs import SHA256, BlobStore
from workspace.errors import BundleError
from workspace.storage import Keep

SUFFIX: Final = ".commissure"
LOG: Final = "log.jsonl"
SURFACES: Final = "surfaces/"

MAX_SURFACES: Final = 10_000
MAX_SURFACE_BYTES: Final = 512 * 1024 * 1024
"""Twenty million triangles; the largest that a browser can be expected to draw has one."""

NOT_A_BUNDLE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    KeyError,
    EOFError,
    NotImplementedError,
)
"""What zipfile raises on what is no zip, is damaged, or packed in a way that we never do."""


def write_bundle(path: Path, entries: Sequence[Entry], blobs: BlobStore) -> None:
    """Write a bundle; nothing half-written is left under `path`.

    Raises
    ------
    BundleError
        If `path` is none for a bundle, or a surface is missing from the data folder or was
        changed there.
    """
    require_bundle_path(path)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as bundle:
            bundle.writestr(_undated(LOG), b"".join(export_entries(entries)))
            for sha256 in sorted(set(surfaces_in(entries))):
                bundle.writestr(_undated(f"{SURFACES}{sha256}"), blobs.read(sha256))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _undated(name: str) -> zipfile.ZipInfo:
    """Return a file's place in a bundle, which does not tell when it was put there."""
    info = zipfile.ZipInfo(name)  # of 1980
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def require_bundle_path(path: Path) -> None:
    """Refuse to write a bundle over anything but a bundle: a device, a folder, another file.

    Raises
    ------
    BundleError
        With what to do.
    """
    if path.suffix != SUFFIX:
        raise BundleError(
            f"{path.name} does not end in {SUFFIX}; name the file for example room{SUFFIX}"
        )
    if path.exists() and not path.is_file():
        raise BundleError(f"{path} is no file that could be replaced; choose another name")
    if not path.parent.is_dir():
        raise BundleError(
            f"there is no folder {path.parent} to write {path.name} to; make it first"
        )


def read_bundle(path: Path, keep: Keep) -> tuple[Entry, ...]:
    """Check a bundle, keep its surfaces and return its log.

    Parameters
    ----------
    keep : callable
        Keeps a surface's blob; see `workspace.storage.keeping_together`.

    Raises
    ------
    BundleError
        If the file is no bundle, or one that was damaged or tampered with.
    ArchiveError
        If its log does not add up.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            _require_plausible(bundle.infolist())
            with bundle.open(LOG) as log:
                entries = import_entries(log)  # type: ignore[arg-type]  # a zip's stream reads like a file
            for sha256 in sorted(set(surfaces_in(entries))):
                keep(_surface(bundle, sha256))
    except NOT_A_BUNDLE as error:
        raise BundleError(
            f"{path.name} is no room bundle, or it is damaged; export the room again"
        ) from error
    return entries


def surfaces_in(entries: Iterable[Entry]) -> Iterator[str]:
    """Return the hashes of all surfaces that a log names, also of those undone: redo needs them."""
    for entry in entries:
        for event in entry.events:
            match event:
                case SegmentAdded(segment=segment):
                    yield segment.surface.sha256
                case CutApplied(fragments=fragments):
                    yield from (fragment.surface.sha256 for fragment in fragments)
                case _:
                    pass


def _require_plausible(members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_SURFACES + 1:
        raise BundleError("the bundle holds more files than any room; it was not opened")
    for member in members:
        known = member.filename == LOG or (
            member.filename.startswith(SURFACES)
            and SHA256.fullmatch(member.filename.removeprefix(SURFACES)) is not None
        )
        if not known or member.flag_bits & 1:
            raise BundleError("the bundle holds a file that belongs into none; it was not opened")
        if member.file_size > MAX_SURFACE_BYTES:
            raise BundleError("the bundle holds a surface larger than any; it was not opened")


def _surface(bundle: zipfile.ZipFile, sha256: str) -> bytes:
    """Return the blob of one surface after its bytes have shown to be one, and the one named."""
    from segmentation.surface.encoding import from_blob

    with bundle.open(f"{SURFACES}{sha256}") as file:
        blob = file.read(MAX_SURFACE_BYTES + 1)
    if len(blob) > MAX_SURFACE_BYTES or BlobStore.name_of(blob) != sha256:
        raise BundleError("a surface in the bundle is not the one it is named; export it again")
    try:
        from_blob(blob)
    except SurfaceError as error:
        raise BundleError(
            f"a surface in the bundle is damaged ({error}); export it again"
        ) from error
    return blob
