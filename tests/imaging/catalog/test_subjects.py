"""Two patients in one study, each with a frame of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from imaging.anatomical_frame import AnatomicalFrame
from imaging.catalog.catalog import Catalog
from imaging.catalog.records import CatalogedStudy, Query, Relation
from imaging.catalog.subjects import MOST_SUBJECTS
from imaging.dicom.reading import read_volume
from imaging.errors import CatalogError
from imaging.identity import GroupMember, Patient, SourceIdentity
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.craniopagus_truths import CENTRE_MM
from sample_data.series import write_series
from sample_data.twins import joined_at_the_crown
from tests.imaging.catalog.cases import JOAO, LATER, NOW, SPACE, TWINS, facts

A, B = TWINS.group

TRUE_B = AnatomicalFrame(
    "B",
    joined_at_the_crown(CENTRE_MM, 30)[1].left,
    joined_at_the_crown(CENTRE_MM, 30)[1].posterior,
    joined_at_the_crown(CENTRE_MM, 30)[1].superior,
    "landmarks",
)

EXTRACTED = replace(
    JOAO,
    patient=Patient("OTHER-ID", "Rio", "Twin^One"),
    source_group_id="GROUP-1",
    study_uid="1.2.8",
    series_uid="1.2.8.1",
)


def study(catalog: Catalog, text: str = "") -> CatalogedStudy:
    return catalog.search(Query(text)).studies[0]


def codes(catalog: Catalog, text: str = "") -> list[str]:
    return [code for code, _ in study(catalog, text).warnings]


def links(catalog: Catalog, text: str) -> list[tuple[Relation, str]]:
    return [(link.relation, link.study_uid) for link in study(catalog, text).links]


def test_each_twin_has_its_own_frame(catalog: Catalog) -> None:
    catalog.record(TWINS, facts(), NOW)
    a, b = study(catalog).subjects
    assert (a.label, a.patient_id, a.relative_position) == ("A", "TWIN-1", "1\\1\\1")
    assert (b.label, b.patient_id, b.relative_position) == ("B", "TWIN-2", "1\\1\\2")
    frame_a, frame_b = catalog.frames_of("v1")
    assert frame_a == AnatomicalFrame.from_positions("A", "HFS", "HFS")
    assert frame_b == AnatomicalFrame.from_positions("B", "FFS", "HFS")
    assert (frame_a.letters((1, 0, 0)), frame_b.letters((1, 0, 0))) == ("L", "R")
    assert codes(catalog) == []


def test_a_study_of_one_has_no_subjects_and_no_frames(catalog: Catalog) -> None:
    catalog.record(JOAO, facts(), NOW)
    assert study(catalog).subjects == ()
    assert catalog.frames_of("v1") == ()


def test_landmarks_replace_positions_and_no_import_takes_them_back(catalog: Catalog) -> None:
    catalog.record(TWINS, facts(), NOW)
    catalog.set_frame("v1", TRUE_B)
    catalog.record(TWINS, facts(), LATER)
    assert catalog.frames_of("v1")[1] == TRUE_B


def test_a_frame_holds_in_its_own_space_only(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("ct"), NOW)
    catalog.record(replace(TWINS, series_uid="1.2.4.2"), facts("mr", "MR", "1.2.10"), NOW)
    catalog.record(replace(TWINS, series_uid="1.2.4.3"), facts("late"), NOW)
    catalog.set_frame("ct", TRUE_B)
    assert catalog.frames_of("ct")[1] == catalog.frames_of("late")[1] == TRUE_B
    assert catalog.frames_of("mr")[1].basis == "position"


def test_without_frame_of_reference_each_series_is_a_space_of_its_own(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a", space=""), NOW)
    catalog.record(replace(TWINS, series_uid="1.2.4.2"), facts("b", space=""), NOW)
    catalog.set_frame("a", TRUE_B)
    assert catalog.frames_of("a")[1] == TRUE_B
    assert catalog.frames_of("b")[1].basis == "position"


def test_letters_of_subjects_stay_in_other_studies_of_the_group(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a"), NOW)
    later = replace(TWINS, group=(B, A), study_uid="1.2.6", series_uid="1.2.6.1")
    catalog.record(later, facts("b"), NOW)
    found = {it.study_uid: it for it in catalog.search(Query()).studies}
    assert [
        [(subject.label, subject.patient_id) for subject in found[uid].subjects]
        for uid in ("1.2.4", "1.2.6")
    ] == [[("A", "TWIN-1"), ("B", "TWIN-2")]] * 2


def test_positions_that_are_not_told_are_assumed_and_that_is_said(catalog: Catalog) -> None:
    group = (A, replace(B, patient_position=""))
    catalog.record(replace(TWINS, group=group), facts(), NOW)
    assert catalog.frames_of("v1")[1] == AnatomicalFrame.of_image("B")
    assert codes(catalog) == ["frame_assumed"]
    catalog.record(TWINS, facts(), LATER)
    assert catalog.frames_of("v1")[1].basis == "position"
    assert codes(catalog) == []


@pytest.mark.parametrize(
    "identity",
    [
        replace(TWINS, patient_position=""),
        replace(TWINS, group=(replace(A, patient_position="SITTING"), B)),
    ],
)
def test_a_subject_of_whom_it_is_not_known_how_it_lies_has_no_frame_until_it_is_set(
    catalog: Catalog, identity: SourceIdentity
) -> None:
    recorded = catalog.record(identity, facts(), NOW)
    assert "no_frame" in [code for code, _ in recorded.warnings]
    assert "A" not in [frame.subject for frame in catalog.frames_of("v1")]
    for subject in ("A", "B"):
        catalog.set_frame("v1", replace(TRUE_B, subject=subject))
    assert codes(catalog) == []


def test_a_frame_of_the_same_group_in_another_study_does_not_count(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a"), NOW)
    unknown = replace(TWINS, study_uid="1.2.6", series_uid="1.2.6.1", patient_position="")
    recorded = catalog.record(unknown, facts("b"), NOW)
    assert [code for code, _ in recorded.warnings] == ["no_frame", "no_frame"]


def test_series_of_one_space_that_contradict_each_other_are_told_of(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a"), NOW)
    other = replace(TWINS, series_uid="1.2.4.2", group=(A, replace(B, patient_position="FFP")))
    recorded = catalog.record(other, facts("b"), NOW)
    assert [code for code, _ in recorded.warnings] == ["frames_differ"]
    assert catalog.frames_of("a")[1] == AnatomicalFrame.from_positions("B", "FFS", "HFS")
    catalog.set_frame("a", TRUE_B)
    assert codes(catalog) == []


def test_a_second_series_with_all_turned_over_agrees(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a"), NOW)
    prone = (replace(A, patient_position="HFP"), replace(B, patient_position="FFP"))
    other = replace(TWINS, series_uid="1.2.4.2", group=prone, patient_position="HFP")
    assert catalog.record(other, facts("b"), NOW).warnings == ()


def test_a_frame_is_set_for_a_subject_that_is_there(catalog: Catalog) -> None:
    catalog.record(TWINS, facts(), NOW)
    for volume_id, subject in (("v1", "C"), ("v2", "A")):
        with pytest.raises(CatalogError) as caught:
            catalog.set_frame(volume_id, replace(TRUE_B, subject=subject))
        assert caught.value.code == "unknown_subject"


def test_subjects_without_id_count_by_their_place(catalog: Catalog) -> None:
    group = (replace(A, patient_id=""), replace(B, patient_id=""))
    catalog.record(replace(TWINS, group=group), facts(), NOW)
    assert [subject.label for subject in study(catalog).subjects] == ["A", "B"]


def test_of_a_group_that_never_ends_the_beginning_is_kept(catalog: Catalog) -> None:
    crowd = tuple(GroupMember(str(number), "", "", "HFS") for number in range(500))
    catalog.record(replace(TWINS, group=crowd), facts(), NOW)
    assert len(study(catalog).subjects) == MOST_SUBJECTS


def test_a_group_is_found_by_the_id_of_a_subject(catalog: Catalog) -> None:
    catalog.record(TWINS, facts(), NOW)
    assert catalog.search(Query("twin-2")).total == 1


@pytest.mark.parametrize("issuer", ["Rio", ""])
def test_a_subject_that_was_cut_out_and_its_group_lead_to_each_other(
    catalog: Catalog, issuer: str
) -> None:
    catalog.record(TWINS, facts("whole"), NOW)
    patient = replace(EXTRACTED.patient, issuer_of_patient_id=issuer)
    catalog.record(replace(EXTRACTED, patient=patient), facts("one", space="1.3"), NOW)
    assert links(catalog, "twin^one") == [("group", "1.2.4")]
    assert links(catalog, "twins^two") == [("single_subject", "1.2.8")]
    assert (
        study(catalog, "twin^one").links[0].pseudonym == study(catalog, "twins").patient.pseudonym
    )


def test_another_study_of_a_subject_and_its_group_lead_to_each_other(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("whole"), NOW)
    alone = replace(EXTRACTED, patient=Patient("TWIN-2", "Rio", "Twin^Other"), source_group_id="")
    catalog.record(alone, facts("alone", space="1.3"), NOW)
    assert links(catalog, "twin^other") == [("group", "1.2.4")]
    assert links(catalog, "twins^two") == [("single_subject", "1.2.8")]


def test_a_group_of_the_same_id_elsewhere_is_not_linked(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("whole"), NOW)
    patient = replace(EXTRACTED.patient, issuer_of_patient_id="London")
    catalog.record(replace(EXTRACTED, patient=patient), facts("one", space="1.3"), NOW)
    assert links(catalog, "twin^one") == links(catalog, "twins^two") == []


def test_patients_of_no_group_are_linked_to_nothing(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    nameless = replace(JOAO, patient=Patient(), study_uid="9", series_uid="9.1")
    catalog.record(nameless, facts("b"), NOW)
    catalog.record(replace(nameless, study_uid="10", series_uid="10.1"), facts("c"), NOW)
    assert [it.links for it in catalog.search(Query()).studies] == [(), (), ()]


def test_a_removed_study_is_linked_to_no_more(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("whole"), NOW)
    catalog.record(EXTRACTED, facts("one"), NOW)
    catalog.remove("whole", LATER)
    assert links(catalog, "twin^one") == []


@pytest.mark.parametrize(
    ("space", "position", "expected"),
    [(SPACE, "FFS", ["may_be_turned"]), (SPACE, "HFS", []), ("1.3", "FFS", [])],
)
def test_a_subject_that_may_have_been_turned_within_the_frame_of_reference_is_told_of(
    catalog: Catalog, space: str, position: str, expected: list[str]
) -> None:
    """PS3.17, VVV.1.1.3: the same frame of reference, and coordinates that may be others."""
    catalog.record(TWINS, facts("whole"), NOW)
    one = replace(EXTRACTED, patient_position=position)
    catalog.record(one, facts("one", space=space), NOW)
    assert codes(catalog, "twin^one") == expected


@pytest.mark.parametrize("theta_deg", [0, 90])
def test_the_phantoms_twins_come_from_their_files_with_their_frames(
    catalog: Catalog, tmp_path: Path, theta_deg: float
) -> None:
    coarse = Acquisition(spacing_mm=(12.0, 12.0, 12.0), patient_position="FFP")
    write_series(craniopagus(theta_deg), tmp_path / "out", coarse)
    volume = read_volume(sorted((tmp_path / "out").iterdir()))
    catalog.record(volume.identity, facts("v1", space=volume.frame_of_reference_uid), NOW)
    a, b = study(catalog).subjects
    assert (a.patient_id, b.patient_id) == ("COMMISSURE-PHANTOM-A", "COMMISSURE-PHANTOM-B")
    for frame, twin in zip(
        catalog.frames_of("v1"), joined_at_the_crown(CENTRE_MM, theta_deg), strict=True
    ):
        assert frame.left == pytest.approx(twin.left, abs=1e-12)
        assert frame.superior == pytest.approx(twin.superior, abs=1e-12)


def test_the_phantoms_twins_come_from_their_files_with_their_places(tmp_path: Path) -> None:
    """SubjectRelativePositionInImage is three unsigned shorts, told as DICOM writes several."""
    coarse = Acquisition(spacing_mm=(12.0, 12.0, 12.0), patient_position="FFP")
    write_series(craniopagus(), tmp_path / "out", coarse)
    group = read_volume(sorted((tmp_path / "out").iterdir())).identity.group
    assert [member.relative_position for member in group] == ["1\\1\\2", "1\\1\\1"]
