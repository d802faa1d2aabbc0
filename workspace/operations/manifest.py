"""What a backup says of itself: every file with its hash, every room with its state."""

import re
from typing import Final, Literal

import msgspec

from workspace.errors import BackupError

NAME: Final = "manifest.json"

MAX_BYTES: Final = 512 * 1024 * 1024
"""A million files take 150 MB; nothing longer is read."""

_SAFE: Final = re.compile(r"[\w@%+=,. ()\[\]-]+(?:/[\w@%+=,. ()\[\]-]+)*")

MAX_PATH: Final = 1024


class FileFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the backup."""

    path: str
    """Relative to the data folder."""
    size: int
    sha256: str


class RoomFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A room at the moment at which its file was copied."""

    room_id: str
    schema_version: int
    revision: int
    head_hash: str
    state_hash: str
    """Of all branches; empty where the log is damaged."""
    damage: str = ""
    """What was wrong with the log already when it was copied."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of a backup."""

    format: Literal["commissure.backup"] = "commissure.backup"
    version: int = 1
    made_at: str
    made_by: str
    """The version of Commissure."""
    is_whole: bool
    """False: some rooms only."""
    has_credentials: bool
    """Whether cookies and links of that time could work again."""
    rooms: tuple[RoomFacts, ...]
    files: tuple[FileFacts, ...]
    missing: tuple[str, ...] = ()
    """Surfaces that rooms name and that were missing or damaged already."""


VERSION: Final = 1


def encoded(manifest: Manifest) -> bytes:
    """Return the bytes of a manifest."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decoded(content: bytes) -> Manifest:
    """Return a manifest that makes sense.

    Raises
    ------
    BackupError
        It is none, of a newer version, or names a file outside of its folder.
    """
    try:
        version = msgspec.json.decode(content, type=_Version).version
        if version > VERSION:
            raise BackupError(
                f"the backup has format {version}, this version knows {VERSION}; "
                "restore it with the newer version that wrote it"
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BackupError("this is no backup: its manifest cannot be read") from error
    paths = [file.path for file in manifest.files]
    if len(set(paths)) != len(paths) or any(not is_safe(path) for path in paths):
        raise BackupError("the backup names a file twice or outside of its folder; do not trust it")
    return manifest


def is_safe(path: str) -> bool:
    """Say whether a path stays below the folder that it is put in, on any system.

    Examples
    --------
    >>> is_safe("rooms/a/room.sqlite"), is_safe("../x"), is_safe("/x"), is_safe("a/./b")
    (True, False, False, False)
    """
    parts = path.split("/")
    return (
        len(path) <= MAX_PATH
        and _SAFE.fullmatch(path) is not None
        and path != NAME
        and not any(part.strip(" .") == "" for part in parts)
    )


class _Version(msgspec.Struct):
    version: int
