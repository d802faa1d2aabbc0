"""How much a person's paths may ask for: files, bytes, and how far an archive may grow."""

from dataclasses import dataclass
from typing import Final

from imaging.sources.discovering import MAX_FILES


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """What the files that are looked at, and those unpacked for it, may come to."""

    files: int = MAX_FILES
    """Files in all, unpacked ones included; also entries of one archive."""
    unpacked_bytes: int = 32 * 2**30
    """All archives together: eight of the largest volumes."""
    member_bytes: int = 4 * 2**30
    """One member. Pixel data of an instance cannot be longer, for its length has 32 bits."""
    free_growth_bytes: int = 2**30
    """Up to here an archive may grow by any factor: blank slices and label maps shrink 500-fold."""
    growth: int = 100
    """How many times its own size an archive may grow beyond that.

    CT and MR shrink to a half or a quarter, studies mostly of air to a tenth; deflate cannot do
    better than 1,032.
    """
    nesting: int = 1
    """Archives within archives: one level, as exports of a study with one archive a series have."""
    spare_disk_bytes: int = 512 * 2**20
    """What unpacking leaves free on the disk for everything else."""


DEFAULT_SOURCE_LIMITS: Final = SourceLimits()


@dataclass(slots=True)
class Allowance:
    """What unpacking may still use of the limits."""

    files: int
    size: int
    """Bytes."""

    def part(self, size: int) -> "Allowance":
        """Return an allowance within this one, of at most `size` bytes."""
        return Allowance(self.files, min(self.size, size))

    def spend(self, files: int, size: int) -> None:
        """Take `files` and `size` bytes away."""
        self.files -= files
        self.size -= size
