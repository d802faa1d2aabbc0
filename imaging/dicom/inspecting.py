"""Say what lies in some files and folders, without reading a pixel."""

from collections.abc import Sequence
from pathlib import Path

from imaging.dicom.inspection import CaseWarning, FoundVolume, Inspection
from imaging.dicom.surveying import Candidate, survey
from imaging.progress import Progress, no_progress
from imaging.sources.opening import opened_sources
from imaging.sources.sources import Sources


def inspect(
    paths: Sequence[Path], progress: Progress = no_progress, scratch: Path | None = None
) -> Inspection:
    """Return the volumes, the refused series and the skipped files in `paths`.

    Raises
    ------
    imaging.errors.SourceError
        A path is missing or unreadable, or there is no DICOM instance at all.
    """
    with opened_sources(paths, progress, scratch=scratch) as sources:
        return inspect_sources(sources, progress)


def inspect_sources(sources: Sources, progress: Progress = no_progress) -> Inspection:
    """Inspect what has been opened; raises as `inspect`."""
    found = survey(sources, progress)
    return Inspection(
        tuple(_found_volume(candidate) for candidate in found.candidates),
        tuple(refusal.as_found(sources) for refusal in found.refusals),
        found.skipped,
    )


def _found_volume(candidate: Candidate) -> FoundVolume:
    layout = candidate.layout
    first = layout.slices[0]
    rows = layout.geometry.affine_lps.tolist()
    return FoundVolume(
        id=candidate.volume_id,
        study_uid=first.study_uid,
        series_uid=first.series_uid,
        modality=first.modality,
        description=first.description,
        shape_kji=layout.geometry.shape_kji,
        spacing_mm=layout.geometry.spacing,
        affine_lps=tuple((row[0], row[1], row[2], row[3]) for row in rows),
        frame_of_reference_uid=first.frame_of_reference_uid,
        transfer_syntaxes=tuple(sorted({one.place.transfer_syntax for one in layout.slices})),
        hu=candidate.hu,
        warnings=tuple(CaseWarning(code, message) for code, message in candidate.warnings),
    )
