"""Who is taken for whom, and what becomes of contradictions."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.catalog.catalog import Catalog
from imaging.catalog.facts import facts_of
from imaging.catalog.recording import clean
from imaging.catalog.records import CatalogedStudy, Query
from imaging.identity import NOBODY, Patient, SourceIdentity
from imaging.volume import Volume
from sample_data.acquisition import Acquisition
from sample_data.scenes import SCENES
from sample_data.series import scan
from tests.imaging.catalog.cases import JOAO, LATER, NOW, facts


def found(catalog: Catalog, text: str = "") -> tuple[CatalogedStudy, ...]:
    return catalog.search(Query(text)).studies


def pseudonyms(catalog: Catalog) -> set[str]:
    return {study.patient.pseudonym for study in found(catalog)}


def codes(study: CatalogedStudy) -> list[str]:
    return [code for code, _ in study.warnings]


def test_what_was_recorded_is_read_back(catalog: Catalog) -> None:
    recorded = catalog.record(JOAO, facts(), NOW)
    (study,) = found(catalog)
    assert recorded.new
    assert recorded.warnings == ()
    patient, (series,) = study.patient, study.series
    assert patient.pseudonym == recorded.pseudonym
    assert patient.name == "Silva^João"
    assert (patient.patient_id, patient.issuer_of_patient_id) == ("12-345", "Rio")
    assert (patient.birth_date, patient.sex, patient.others) == ("1990-02-03", "M", ())
    assert (study.study_uid, study.study_id, study.study_date) == ("1.2.3", "S77", "2022-06-01")
    assert (study.description, study.accession_number) == ("CT angiography", "ACC-0042")
    assert (series.series_uid, series.series_number) == ("1.2.3.1", "2")
    assert (series.modality, series.body_part, series.patient_position) == ("CT", "HEAD", "HFS")
    assert series.volumes[0].facts == facts()
    assert (series.volumes[0].imported_at, series.volumes[0].removed_at) == (NOW, "")


def test_the_same_volume_twice_is_one(catalog: Catalog) -> None:
    first = catalog.record(JOAO, facts(), NOW)
    moved = replace(facts(), store_key="elsewhere")
    second = catalog.record(JOAO, moved, LATER)
    assert (first.new, second.new) == (True, False)
    assert first.pseudonym == second.pseudonym
    ((volume,),) = [series.volumes for series in found(catalog)[0].series]
    assert (volume.facts.store_key, volume.imported_at) == ("elsewhere", LATER)


def test_volumes_of_one_series_series_of_one_study_and_studies_of_one_patient_are_together(
    catalog: Catalog,
) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    catalog.record(JOAO, facts("b"), NOW)
    catalog.record(replace(JOAO, series_uid="1.2.3.2", series_number="1"), facts("c"), NOW)
    catalog.record(replace(JOAO, study_uid="1.2.5", series_uid="1.2.5.1"), facts("d"), NOW)
    studies = found(catalog)
    assert len(pseudonyms(catalog)) == 1
    ids = [[[it.facts.volume_id for it in one.volumes] for one in it.series] for it in studies]
    assert sorted(ids) == [[["c"], ["a", "b"]], [["d"]]]


@pytest.mark.parametrize("issuer", ["", "London"])
def test_the_same_id_of_another_issuer_is_another_patient(catalog: Catalog, issuer: str) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    other = replace(JOAO.patient, issuer_of_patient_id=issuer)
    catalog.record(replace(JOAO, patient=other, study_uid="9", series_uid="9.1"), facts("b"), NOW)
    assert len(pseudonyms(catalog)) == 2


@pytest.mark.parametrize("blank", ["", "  ", " \0"])
def test_patients_without_id_are_one_within_a_study_and_never_across(
    catalog: Catalog, blank: str
) -> None:
    nameless = replace(JOAO, patient=replace(JOAO.patient, patient_id=blank))
    catalog.record(nameless, facts("a"), NOW)
    catalog.record(replace(nameless, series_uid="1.2.3.2"), facts("b"), NOW)
    assert len(pseudonyms(catalog)) == 1
    catalog.record(replace(nameless, study_uid="8", series_uid="8.1"), facts("c"), NOW)
    assert len(pseudonyms(catalog)) == 2


def test_volumes_that_come_from_no_series_stay_apart(catalog: Catalog) -> None:
    for name in ("a", "b"):
        catalog.record(NOBODY, facts(name, space=""), NOW)
    assert len(pseudonyms(catalog)) == 2
    assert len({study.study_uid for study in found(catalog)}) == 2


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": "Souza^Ana"}, "names_differ"),
        ({"birth_date": "1991-02-03"}, "birth_dates_differ"),
        ({"sex": "F"}, "sexes_differ"),
    ],
)
def test_a_contradiction_about_a_patient_is_kept_and_told_and_changes_nothing(
    catalog: Catalog, told: dict[str, str], code: str
) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    other = SourceIdentity(patient=replace(JOAO.patient, **told), study_uid="9", series_uid="9.1")
    recorded = catalog.record(other, facts("b"), LATER)
    assert [it for it, _ in recorded.warnings] == [code]
    for study in found(catalog):
        assert codes(study) == [code]
        assert study.patient.name == "Silva^João"
        assert study.patient.birth_date == "1990-02-03"
        assert dict(study.patient.others) == told
    assert len(found(catalog, "silva")) == 2
    if "name" in told:
        assert len(found(catalog, "souza")) == 2


@pytest.mark.parametrize(
    "name", ["SILVA^JOÃO", "Silva^João^^", "Silva^Joa\u0303o", "Silva^João=シルバ", " Silva^João"]
)
def test_another_spelling_of_a_name_is_no_contradiction(catalog: Catalog, name: str) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    again = catalog.record(replace(JOAO, patient=replace(JOAO.patient, name=name)), facts(), NOW)
    assert again.warnings == ()


def test_what_was_blank_is_filled_later_and_what_is_known_stays(catalog: Catalog) -> None:
    catalog.record(
        replace(JOAO, patient=Patient("12-345", "Rio"), accession_number=""), facts(), NOW
    )
    catalog.record(JOAO, facts(), NOW)
    catalog.record(
        replace(JOAO, patient=Patient("12-345", "Rio"), accession_number=""), facts(), NOW
    )
    (study,) = found(catalog)
    assert study.patient.name == "Silva^João"
    assert study.accession_number == "ACC-0042"
    assert study.warnings == ()


def test_two_patients_in_one_study_stay_two_and_both_are_told(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    other = replace(JOAO, patient=Patient("99", "Rio", "Souza^Ana"), series_uid="1.2.3.2")
    assert [it for it, _ in catalog.record(other, facts("b"), NOW).warnings] == [
        "study_of_two_patients"
    ]
    assert [codes(study) for study in found(catalog)] == [["study_of_two_patients"]] * 2
    assert len(pseudonyms(catalog)) == 2


def test_pseudonyms_are_told_apart_even_if_chance_repeats_itself(path: Path) -> None:
    codes_in_turn = iter(["AAAA", "AAAA", "AAAA", "BBBB"])
    with Catalog(path, lambda _: next(codes_in_turn)) as catalog:
        first = catalog.record(JOAO, facts("a"), NOW)
        other = replace(JOAO, patient=Patient("99"), study_uid="9", series_uid="9.1")
        second = catalog.record(other, facts("b"), NOW)
    assert (first.pseudonym, second.pseudonym) == ("Case AAAA", "Case BBBB")


def test_a_pseudonym_stays_from_one_day_to_the_next(path: Path) -> None:
    with Catalog(path) as catalog:
        first = catalog.record(JOAO, facts("a"), NOW)
    with Catalog(path) as catalog:
        assert catalog.record(JOAO, facts("b"), LATER).pseudonym == first.pseudonym


def test_letters_that_are_none_are_replaced_and_recorded(catalog: Catalog) -> None:
    torn = replace(JOAO, patient=replace(JOAO.patient, name="Sil\udcf6va^Jo\0"))
    catalog.record(torn, facts(), NOW)
    assert found(catalog)[0].patient.name == "Sil?va^Jo"


@given(text=st.text(max_size=40))
def test_every_text_can_be_kept(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@settings(max_examples=25, deadline=None)
@given(
    order=st.permutations(["a", "b", "c", "d"]),
    again=st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4),
)
def test_the_order_of_imports_and_their_repetition_change_no_counts(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], again: list[str]
) -> None:
    patients = {"a": "1", "b": "1", "c": "2", "d": ""}
    with Catalog(tmp_path_factory.mktemp("any") / "catalog.sqlite") as catalog:
        for name in (*order, *again):
            who = replace(JOAO, patient=Patient(patients[name]), study_uid=name, series_uid=name)
            catalog.record(who, facts(name), NOW)
        assert catalog.search(Query()).total == 4
        assert len(pseudonyms(catalog)) == 3


def test_threads_share_a_catalogue(catalog: Catalog) -> None:
    def work(hand: int) -> None:
        for number in range(10):
            name = f"{hand}.{number}"
            who = replace(JOAO, study_uid=name, series_uid=f"{name}.1")
            catalog.record(who, facts(name), NOW)
            assert catalog.search(Query(limit=5)).total > 0

    hands = [threading.Thread(target=work, args=(hand,)) for hand in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert catalog.search(Query()).total == 40
    assert len(pseudonyms(catalog)) == 1


def test_the_facts_of_a_volume_are_taken_from_it() -> None:
    volume: Volume = scan(SCENES["ball"](), Acquisition(spacing_mm=(6.0, 7.0, 8.0)))
    kept = facts_of(volume, "key")
    assert kept.volume_id == volume.volume_id
    assert kept.store_key == "key"
    assert kept.shape_kji == volume.geometry.shape_kji
    assert kept.affine_lps[2] == tuple(volume.geometry.affine_lps[2].tolist())
    assert kept.frame_of_reference_uid == volume.frame_of_reference_uid
