"""What an archive must be like before a byte of it is unpacked."""

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from imaging.sources.limits import Allowance, SourceLimits
from imaging.sources.names import UnsafeNameError, safe_parts, shortened
from imaging.sources.zip_directory import DEFLATED, STORED, ArchiveError, Entry

MAX_DEFLATE_GROWTH: Final = 1032
"""One bit stands for at most 129 bytes: a match of 258 needs a length and a distance code."""

_LOCAL_HEADER_BYTES: Final = 30

_METHODS: Final = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ"}
"""By number (APPNOTE 4.4.5): what other programs pack with."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A member and where it will lie."""

    entry: Entry
    tree: int
    """1, or the how manyth member of that name this is: each repetition has a tree of its own."""
    parts: tuple[str, ...]
    """Folders and file below that tree."""

    @property
    def name(self) -> str:
        """Return the member's name for people, different for members of one name."""
        name = "/".join(self.parts)
        return name if self.tree == 1 else f"{name} ({self.tree})"


def require_readable(entries: Sequence[Entry], limits: SourceLimits) -> None:
    """Refuse members that cannot, or must not, be unpacked, by what their entries say.

    Raises
    ------
    ArchiveError
        ``"encrypted_archive"``, ``"unsupported_archive"``, ``"unsafe_archive"``,
        ``"archive_too_large"`` or ``"damaged_archive"``.
    """
    for entry in entries:
        for rule in _RULES:
            rule(entry, limits)
    _require_apart(entries)


def require_room(entries: Sequence[Entry], allowance: Allowance) -> int:
    """Return how many bytes the members will have, or refuse them.

    Parameters
    ----------
    allowance : Allowance
        Of this archive: the factor by which it may grow is in it.

    Raises
    ------
    ArchiveError
        ``"archive_too_large"``.
    """
    total = sum(entry.size for entry in entries)
    if total > allowance.size or len(entries) > allowance.files:
        raise ArchiveError(
            f"would unpack to {total / 2**20:,.0f} MiB in {len(entries)} files, and no more than "
            f"{allowance.size / 2**20:,.0f} MiB in {allowance.files} files are taken from it; "
            "if you trust it, unpack it yourself and give the folder",
            "archive_too_large",
        )
    return total


def place(entries: Sequence[Entry], most_folders: int) -> list[Placed]:
    """Say where each member will lie, all below one folder and no two in one place.

    Raises
    ------
    ArchiveError
        ``"unsafe_archive"``: a name leads elsewhere, or is both a file and a folder;
        ``"archive_too_large"``: too many folders.
    """
    seen: dict[tuple[str, ...], int] = {}
    folders: set[tuple[int, tuple[str, ...]]] = set()
    placed = []
    for entry in entries:
        parts = _parts(entry)
        tree = seen[parts] = seen.get(parts, 0) + 1
        placed.append(Placed(entry, tree, parts))
        depth = len(parts) - 1
        while depth and (tree, parts[:depth]) not in folders:
            folders.add((tree, parts[:depth]))
            depth -= 1
        if len(folders) + tree > most_folders:
            raise ArchiveError(
                f"holds more than {most_folders} folders; give the folder of one study",
                "archive_too_large",
            )
    for one in placed:
        if (one.tree, one.parts) in folders:
            raise ArchiveError(
                f"is not safe: {shortened(one.name)} in it is both a file and a folder; "
                "do not trust it",
                "unsafe_archive",
            )
    return placed


def _parts(entry: Entry) -> tuple[str, ...]:
    try:
        return safe_parts(entry.name)
    except UnsafeNameError as error:
        raise ArchiveError(
            f"is not safe: the name {shortened(entry.name)} in it {error}; do not trust it",
            "unsafe_archive",
        ) from error


def _no_secret(entry: Entry, _limits: SourceLimits) -> None:
    if entry.encrypted:
        raise ArchiveError(
            "is encrypted; unpack it with its password and give the folder", "encrypted_archive"
        )


def _known_method(entry: Entry, _limits: SourceLimits) -> None:
    if entry.method not in {STORED, DEFLATED}:
        method = _METHODS.get(entry.method, f"method {entry.method}")
        raise ArchiveError(
            f"is packed by {method}, which is not read; "
            "pack it again by Deflate, or unpack it and give the folder",
            "unsupported_archive",
        )


def _no_link(entry: Entry, _limits: SourceLimits) -> None:
    if not entry.is_regular:
        kind = "a link" if stat.S_ISLNK(entry.mode) else "a device or a pipe"
        raise ArchiveError(
            f"is not safe: its member {shortened(entry.name)} is {kind}; "
            "if you trust it, unpack it yourself and give the folder",
            "unsafe_archive",
        )


def _possible_size(entry: Entry, _limits: SourceLimits) -> None:
    growth = 1 if entry.method == STORED else MAX_DEFLATE_GROWTH
    if entry.size > growth * entry.packed_bytes:
        raise ArchiveError(
            f"is not safe: its member {shortened(entry.name)} claims more bytes than can be packed "
            "into so few; do not trust it",
            "unsafe_archive",
        )


def _admitted_size(entry: Entry, limits: SourceLimits) -> None:
    if entry.size > limits.member_bytes:
        raise ArchiveError(
            f"holds {shortened(entry.name)} of {entry.size / 2**30:.1f} GiB, more than any image "
            f"has ({limits.member_bytes / 2**30:.1f} GiB); do not trust it",
            "archive_too_large",
        )


_RULES: Final[tuple[Callable[[Entry, SourceLimits], None], ...]] = (
    _no_secret,
    _known_method,
    _no_link,
    _possible_size,
    _admitted_size,
)


def _require_apart(entries: Sequence[Entry]) -> None:
    """Refuse members that share bytes: one packed block under thousands of names is a bomb."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.offset):
        if entry.offset < end:
            raise ArchiveError(
                "is not safe: members of it lie over one another; do not trust it",
                "unsafe_archive",
            )
        end = entry.offset + _LOCAL_HEADER_BYTES + entry.packed_bytes
