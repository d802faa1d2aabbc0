"""Whose images these are, read in the header's own character set; each series is kept once."""

from collections.abc import Sequence
from typing import Final

from imaging.dicom import describing
from imaging.dicom.raw_values import RawValues
from imaging.identity import GroupMember, Patient, SourceIdentity

_IDENTIFYING: Final = (
    "SpecificCharacterSet",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyID",
    "StudyDate",
    "StudyDescription",
    "AccessionNumber",
    "SeriesInstanceUID",
    "SeriesNumber",
    "SeriesDate",
    "SeriesDescription",
    "Modality",
    "BodyPartExamined",
    "Manufacturer",
    "PatientPosition",
)
_DELIMITERS: Final = frozenset(b"^=\\\r\n\t\f")
"""After each of them the character set starts anew (PS3.5, 6.1.2.5.3)."""


class Identities:
    """The identities met so far: thousands of slices share one."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], SourceIdentity] = {}

    def of(self, raw: RawValues) -> SourceIdentity:
        """Return whose images a header is of."""
        groups = (
            raw.items("GroupOfPatientsIdentificationSequence"),
            raw.items("SourcePatientGroupIdentificationSequence"),
        )
        members = tuple(tuple(_member_bytes(one)) for group in groups for one in group)
        key = (*map(raw.bytes_of, _IDENTIFYING), members)
        if key not in self._known:
            self._known[key] = _identity(raw, groups[0], groups[1])
        return self._known[key]


def _member_bytes(one: RawValues) -> Sequence[bytes]:
    keywords = ("PatientID", "IssuerOfPatientID", "SubjectRelativePositionInImage")
    return [one.bytes_of(keyword) for keyword in (*keywords, "PatientPosition")]


def _identity(
    raw: RawValues, group: Sequence[RawValues], source: Sequence[RawValues]
) -> SourceIdentity:
    def text(keyword: str) -> str:
        return _decoded(raw, keyword, raw)

    return SourceIdentity(
        patient=Patient(
            patient_id=text("PatientID"),
            issuer_of_patient_id=text("IssuerOfPatientID"),
            name=text("PatientName"),
            birth_date=describing.date(raw, "PatientBirthDate"),
            sex=raw.text("PatientSex"),
        ),
        group=tuple(
            GroupMember(
                _decoded(one, "PatientID", raw),
                _decoded(one, "IssuerOfPatientID", raw),
                "\\".join(str(n) for n in one.words("SubjectRelativePositionInImage")),
                one.text("PatientPosition"),
            )
            for one in group
        ),
        source_group_id=_decoded(source[0], "PatientID", raw) if source else "",
        study_uid=raw.text("StudyInstanceUID"),
        study_id=text("StudyID"),
        study_date=describing.date(raw, "StudyDate"),
        study_description=text("StudyDescription"),
        accession_number=text("AccessionNumber"),
        series_uid=raw.text("SeriesInstanceUID"),
        series_number=raw.text("SeriesNumber"),
        series_date=describing.date(raw, "SeriesDate"),
        series_description=text("SeriesDescription"),
        modality=raw.text("Modality"),
        body_part=raw.text("BodyPartExamined"),
        manufacturer=text("Manufacturer"),
        patient_position=raw.text("PatientPosition"),
    )


def _decoded(raw: RawValues, keyword: str, header: RawValues) -> str:
    """Return a text in the character set that the header names (PS3.5, 6.1)."""
    value = raw.bytes_of(keyword)
    if value.isascii() and b"\x1b" not in value:
        return raw.text(keyword)
    from pydicom.charset import convert_encodings, decode_bytes  # half of a worker's start

    try:
        encodings = convert_encodings(list(header.text("SpecificCharacterSet").split("\\")))
        return str(decode_bytes(value, encodings, set(_DELIMITERS))).strip(" \0")
    except Exception:  # noqa: BLE001 - an unknown character set must not cost the volume
        return raw.text(keyword)
