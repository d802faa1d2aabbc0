"""What `inspect` found: plain values, the JSON contract of the command line."""

from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class CaseWarning:
    """Something that a person should know, and that stays with the case."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FoundVolume:
    """A series that is a regular volume."""

    id: str
    """Stable from call to call: it comes from the series' own identifiers."""
    study_uid: str
    series_uid: str
    modality: str
    description: str
    shape_kji: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    """Along i, j, k."""
    affine_lps: tuple[tuple[float, float, float, float], ...]
    """4x4 by rows: maps (i, j, k, 1) to mm, LPS."""
    frame_of_reference_uid: str
    transfer_syntaxes: tuple[str, ...]
    hu: bool
    warnings: tuple[CaseWarning, ...]


@dataclass(frozen=True, slots=True)
class RefusedSeries:
    """A series, or a file, that is no regular volume; `code` names why."""

    series_uid: str
    code: str
    message: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that holds no DICOM image instance."""

    file: str
    code: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything that lies in the given files and folders."""

    volumes: tuple[FoundVolume, ...]
    refused: tuple[RefusedSeries, ...]
    skipped: tuple[SkippedFile, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain dictionaries and lists, as ``commissure inspect --json`` prints them."""
        document: dict[str, Any] = msgspec.to_builtins(self)
        return document
