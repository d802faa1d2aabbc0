"""The form in which a browser gets a surface, derived once from its blob."""

import os
from pathlib import Path

from segmentation.surface.encoding import from_blob, to_draco
from workspace.blobs import BlobStore


def encode_for_browser(folder: Path, sha256: str) -> Path:
    """Return the file with the Draco form of a surface; made if it is not there yet.

    It can be derived again at any time, so it is written without waiting for the disk.
    """
    path = folder / "derived" / f"{sha256}.drc"
    if not path.exists():
        encoded = to_draco(from_blob(BlobStore(folder).read(sha256)))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            temporary.write_bytes(encoded)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path
