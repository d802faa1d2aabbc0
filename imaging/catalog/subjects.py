"""Several subjects in one study, such as twins who are joined: who they are and how each one lies.

The standard describes groups for small animals that share a scanner; nothing in it speaks of people
who share a body, and nothing else in it fits them better.

- The images of a group: PatientID (0010,0020) is the group's. Each subject is an item of
  GroupOfPatientsIdentificationSequence (0010,0027): PatientID and IssuerOfPatientID (0010,0021),
  SubjectRelativePositionInImage (0010,0028; right, down and inwards of the machine, counted from
  1), and PatientPosition (0018,5100) where they do not all lie in one direction. Attributes that
  the subjects do not share are empty (PS3.3, C.7.1.1, C.7.1.4.1.1).
- PatientPosition in the General Series Module is nominal then: the image's LPS is that of
  somebody who lies so (PS3.3, C.7.3.1.1.2; PS3.17, VVV.1.1.1).
- An image of one subject that was cut out of them: SourcePatientGroupIdentificationSequence
  (0010,0026) names the group; DerivationCodeSequence (0008,9215) holds (113131, DCM, "Extraction
  of individual subject from group") of CID 7203. Its coordinates may have been turned into the
  subject's own LPS within the same frame of reference (PS3.17, VVV.1.1.3).
- CID 7165, "Abstract Segmentation Type", is of segments: SegmentedPropertyTypeCodeSequence
  (0062,000F) of one that covers a subject is (113132, DCM, "Single subject extracted from group"),
  in the category (309825002, SCT, "Spatial and Relational Concept") (PS3.17, VVV.1.1.2).
"""

import json
from typing import Final

import apsw

from imaging.anatomical_frame import AnatomicalFrame
from imaging.catalog.database import rows_of
from imaging.errors import CatalogError
from imaging.identity import GroupMember, SourceIdentity

MOST_SUBJECTS: Final = 64
"""In one study: more than any holder of mice, and a bound for hostile headers."""

_SURENESS: Final = {"nominal": 0, "position": 1, "axes": 2, "landmarks": 2}
"""What is surer replaces a frame; what a person set, only a person changes."""


def record_subjects(
    connection: apsw.Connection,
    group_row: int,
    study_row: int,
    identity: SourceIdentity,
    space: str,
) -> None:
    """Record the subjects of a series, and how each one lies in its space, where that is told."""
    for number, member in enumerate(identity.group[:MOST_SUBJECTS], start=1):
        # PatientID is demanded of an item; one without counts by its place in the sequence.
        key = (member.issuer_of_patient_id, member.patient_id or f"item {number}")
        subject_row, label = _subject(connection, group_row, *key)
        connection.execute(
            "INSERT INTO shown_in VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET relative_position = excluded.relative_position",
            (study_row, subject_row, member.relative_position),
        )
        try:
            frame = frame_of_member(label, member, identity.patient_position)
        except ValueError:
            continue  # read back as a warning, until landmarks are picked
        _offer(connection, (study_row, subject_row, space), frame)


def frame_of_member(label: str, member: GroupMember, series_position: str) -> AnatomicalFrame:
    """Return how a subject lies in the image's LPS.

    Raises
    ------
    ValueError
        Its position, or that of the series, is not known.
    """
    if not member.patient_position:
        return AnatomicalFrame.of_image(label)
    return AnatomicalFrame.from_positions(label, member.patient_position, series_position)


def set_frame(connection: apsw.Connection, volume_id: str, frame: AnatomicalFrame) -> None:
    """Set a subject's frame in the space of a volume and in that study.

    Raises
    ------
    CatalogError
        The study of the volume shows no such subject.
    """
    places = rows_of(
        connection,
        "SELECT shown_in.study_row, subject_row, space FROM volume JOIN series USING (series_row) "
        "JOIN shown_in USING (study_row) JOIN subject USING (subject_row) "
        "WHERE volume_id = ? AND label = ?",
        (volume_id, frame.subject),
    )
    if not places:
        raise CatalogError(
            "there is no volume of that id with such a subject; see `commissure catalog list`",
            "unknown_subject",
        )
    for study_row, subject_row, space in places:
        _write(connection, (study_row, subject_row, space), frame, disputed=0)


def label_of(number: int) -> str:
    """Return A, B, ... Z, AA, AB and so on for 0, 1, ...

    Examples
    --------
    >>> [label_of(number) for number in (0, 1, 25, 26, 63)]
    ['A', 'B', 'Z', 'AA', 'BL']
    """
    above, letter = divmod(number, 26)
    return (label_of(above - 1) if above else "") + chr(ord("A") + letter)


def axes_of(frame: AnatomicalFrame) -> str:
    """Return the axes of a frame as they are kept."""
    return json.dumps([frame.left, frame.posterior, frame.superior])


def frame_from(label: str, axes: str, basis: str) -> AnatomicalFrame:
    """Return a frame that was kept."""
    left, posterior, superior = (tuple(axis) for axis in json.loads(axes))
    return AnatomicalFrame(label, left, posterior, superior, basis)  # type: ignore[arg-type]


def _subject(
    connection: apsw.Connection, group_row: int, issuer: str, patient_id: str
) -> tuple[int, str]:
    """Find or make a subject; its letter is the same in all studies of the group."""
    key = (group_row, issuer, patient_id)
    known = connection.execute(
        "SELECT subject_row, label FROM subject "
        "WHERE group_row = ? AND issuer = ? AND patient_id = ?",
        key,
    ).fetchone()
    if known:
        return int(known[0]), str(known[1])
    number = connection.execute(
        "SELECT count(*) FROM subject WHERE group_row = ?", (group_row,)
    ).get
    label = label_of(number)
    connection.execute(
        "INSERT INTO subject (group_row, issuer, patient_id, label) VALUES (?, ?, ?, ?)",
        (*key, label),
    )
    return connection.last_insert_rowid(), label


def _offer(
    connection: apsw.Connection, place: tuple[int, int, str], frame: AnatomicalFrame
) -> None:
    """Keep a frame that a header tells, if it is surer than what is there; note a contradiction."""
    known = connection.execute(
        "SELECT axes, basis FROM anatomical_frame "
        "WHERE study_row = ? AND subject_row = ? AND space = ?",
        place,
    ).fetchone()
    if known is None or _SURENESS[frame.basis] > _SURENESS[known[1]]:
        _write(connection, place, frame, disputed=0)
    elif _SURENESS[frame.basis] == _SURENESS[known[1]] and json.loads(known[0]) != json.loads(
        axes_of(frame)
    ):
        connection.execute(
            "UPDATE anatomical_frame SET disputed = 1 "
            "WHERE study_row = ? AND subject_row = ? AND space = ?",
            place,
        )


def _write(
    connection: apsw.Connection,
    place: tuple[int, int, str],
    frame: AnatomicalFrame,
    *,
    disputed: int,
) -> None:
    connection.execute(
        "INSERT INTO anatomical_frame VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET axes = excluded.axes, basis = excluded.basis, "
        "disputed = excluded.disputed",
        (*place, axes_of(frame), frame.basis, disputed),
    )
