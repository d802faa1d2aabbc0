"""What the given paths come to: files to look at, and what was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Something that was set aside, or is missing."""

    shown: str
    """The archive, folder or media directory, as people know it."""
    code: str
    message: str
    refused: bool
    """Whether images may be lost by it, so that it stands among what is refused, not skipped."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Regular files that may hold images; those from archives last only as long as the opening."""

    files: tuple[Path, ...]
    """Each once, in the order of the names that `shown` gives."""
    notes: tuple[SourceNote, ...]
    members: Mapping[Path, str]
    """What to show for a file that was unpacked."""

    def shown(self, path: Path) -> str:
        """Return the name under which people know a file: ``study.zip/DICOM/IM1`` for a member."""
        return self.members.get(path, str(path))
