"""What goes into the catalogue, and what comes out of it: plain values.

Fields that name a patient are left out of ``repr``, so that no log line and no error can show them.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from imaging.anatomical_frame import AnatomicalFrame

Note = tuple[str, str]
"""A warning: (code, message). The message names nobody."""

Order = Literal["newest", "oldest", "imported", "case"]
"""By study date either way, by last import, or by pseudonym."""

Relation = Literal["group", "single_subject"]
"""Of a link: to the study that shows the whole group, or to one of a single subject of it."""

LARGEST_PAGE: Final = 500
"""Studies: more than anybody reads at once."""


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """What the catalogue keeps of a volume besides whose it is."""

    volume_id: str
    store_key: str
    """Where the volume store has it; empty, if it was not stored."""
    modality: str
    description: str = field(repr=False)
    shape_kji: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    """Along (i, j, k)."""
    affine_lps: tuple[tuple[float, ...], ...]
    """4 x 4, by rows: from (i, j, k, 1) to LPS, mm."""
    frame_of_reference_uid: str
    hu: bool
    warnings: tuple[Note, ...] = ()
    acquired_on: str = field(default="", repr=False)
    """YYYY-MM-DD, or empty."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a volume that was recorded."""

    pseudonym: str
    """Of the patient, for example "Case 7F3K"."""
    new: bool
    """Whether the volume was not there before."""
    warnings: tuple[Note, ...]
    """About its study, conflicts above all."""


@dataclass(frozen=True, slots=True)
class CatalogedVolume:
    """A volume that was recorded."""

    facts: VolumeFacts
    imported_at: str
    """When it was last imported, as it was passed in."""
    removed_at: str
    """Empty, unless it was removed and can be restored."""


@dataclass(frozen=True, slots=True)
class CatalogedSeries:
    """A series and those of its volumes that were asked for."""

    series_uid: str
    series_number: str
    series_date: str = field(repr=False)
    description: str = field(repr=False)
    modality: str
    body_part: str
    manufacturer: str
    patient_position: str
    """Of the series; where it shows a group, nominal: that of the image's LPS."""
    volumes: tuple[CatalogedVolume, ...]


@dataclass(frozen=True, slots=True)
class CatalogedPatient:
    """A patient; of a group that was imaged together, the group."""

    pseudonym: str
    patient_id: str = field(repr=False)
    issuer_of_patient_id: str = field(repr=False)
    name: str = field(repr=False)
    """PatientName as first told; components separated by ``^``, its spellings by ``=``."""
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """(field, value) of what later headers said otherwise."""


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A subject's anatomical frame, and in which space it holds."""

    space: str
    """FrameOfReferenceUID, or ``series`` and the SeriesInstanceUID where there is none."""
    frame: AnatomicalFrame
    disputed: bool
    """Whether another series of the same space said otherwise."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One of several subjects in a study."""

    label: str
    """ "A", "B": the same in all studies of the group."""
    patient_id: str = field(repr=False)
    issuer_of_patient_id: str = field(repr=False)
    relative_position: str
    """SubjectRelativePositionInImage (0010,0028), as the header has it."""
    frames: tuple[PlacedFrame, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Another study that shows the same subject, or the group that it is one of."""

    relation: Relation
    pseudonym: str
    study_uid: str


@dataclass(frozen=True, slots=True)
class CatalogedStudy:
    """A study with all that hangs on it."""

    patient: CatalogedPatient
    study_uid: str
    study_id: str = field(repr=False)
    study_date: str = field(repr=False)
    description: str = field(repr=False)
    accession_number: str = field(repr=False)
    source_group_id: str = field(repr=False)
    series: tuple[CatalogedSeries, ...]
    subjects: tuple[Subject, ...] = ()
    """Empty for a study of one patient."""
    links: tuple[Link, ...] = ()
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; everything that is left out finds all."""

    text: str = field(default="", repr=False)
    """Words, each the beginning of one in the study: name, id, accession number, description,
    modality, body part, date, pseudonym. Case and accents do not matter."""
    modality: str = ""
    since: str = ""
    """Earliest study date, YYYY-MM-DD; a study without date is not found then; so in `until`."""
    until: str = ""
    removed: bool = False
    """Look among removed volumes instead."""
    order: Order = "newest"
    limit: int = 50
    """Studies."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the studies that were found."""

    total: int
    """How many there are in all."""
    studies: tuple[CatalogedStudy, ...]
