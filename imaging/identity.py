"""Whose images these are: for the catalogue and the archive, never for a log or a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patient:
    """The subject, or the group of subjects, that the header names (PS3.3, C.7.1.1)."""

    patient_id: str = ""
    issuer_of_patient_id: str = ""
    name: str = ""
    """PatientName in its own character set, components separated by ``^``."""
    birth_date: str = ""
    """YYYY-MM-DD, or empty."""
    sex: str = ""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One subject of a group that was imaged together: an item of (0010,0027)."""

    patient_id: str
    issuer_of_patient_id: str
    relative_position: str
    """SubjectRelativePositionInImage (0010,0028), or empty."""
    patient_position: str
    """How this subject lay (0018,5100), or empty: the group's own position then."""


@dataclass(frozen=True, slots=True)
class SourceIdentity:
    """Patient, study and series of a volume, as the headers name them."""

    patient: Patient = Patient()
    group: tuple[GroupMember, ...] = ()
    """The subjects, where one study shows several: GroupOfPatientsIdentificationSequence."""
    source_group_id: str = ""
    """PatientID of the group that this single subject was extracted from (0010,0026)."""
    study_uid: str = ""
    study_id: str = ""
    study_date: str = ""
    """YYYY-MM-DD, or empty."""
    study_description: str = ""
    accession_number: str = ""
    series_uid: str = ""
    series_number: str = ""
    series_date: str = ""
    series_description: str = ""
    modality: str = ""
    body_part: str = ""
    manufacturer: str = ""
    patient_position: str = ""
    """PatientPosition (0018,5100), for example HFS."""


NOBODY = SourceIdentity()
"""Of a volume that comes from no DICOM series."""
