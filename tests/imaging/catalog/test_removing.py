"""Out of sight, back again, and gone for good."""

from dataclasses import replace
from pathlib import Path

import pytest

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import Query
from imaging.errors import CatalogError
from imaging.identity import Patient
from tests.imaging.catalog.cases import JOAO, LATER, NOW, TWINS, facts

SECOND = replace(JOAO, study_uid="1.2.5", series_uid="1.2.5.1", study_description="Second")


def total(catalog: Catalog, text: str = "", *, removed: bool = False) -> int:
    return catalog.search(Query(text, removed=removed)).total


def test_a_study_goes_out_of_sight_with_its_last_volume(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    catalog.record(JOAO, facts("b"), NOW)
    catalog.remove("a", LATER)
    (study,) = catalog.search(Query()).studies
    assert [it.facts.volume_id for it in study.series[0].volumes] == ["b"]
    catalog.remove("b", LATER)
    assert (total(catalog), total(catalog, "joao")) == (0, 0)


def test_a_removal_can_be_taken_back(catalog: Catalog) -> None:
    before = catalog.record(JOAO, facts("a"), NOW)
    catalog.remove("a", LATER)
    (gone,) = catalog.search(Query("joao", removed=True)).studies
    assert gone.series[0].volumes[0].removed_at == LATER
    catalog.restore("a")
    (study,) = catalog.search(Query("joao")).studies
    assert study.patient.pseudonym == before.pseudonym
    assert study.series[0].volumes[0].removed_at == ""
    assert total(catalog, removed=True) == 0


def test_an_import_brings_back_what_was_removed(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    catalog.remove("a", LATER)
    assert not catalog.record(JOAO, facts("a"), LATER).new
    assert total(catalog) == 1


def test_what_is_erased_takes_empty_parents_along_and_leaves_the_others(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    kept = catalog.record(SECOND, facts("b"), NOW)
    assert catalog.erase("a") == ("store-a",)
    assert total(catalog, "angiography") == 0
    assert total(catalog, "second") == 1
    assert catalog.erase("b") == ("store-b",)
    assert total(catalog) == total(catalog, removed=True) == 0
    again = catalog.record(JOAO, facts("a"), NOW)
    assert again.new
    assert again.pseudonym != kept.pseudonym


def test_a_removed_volume_can_be_erased(catalog: Catalog) -> None:
    catalog.record(JOAO, facts("a"), NOW)
    catalog.remove("a", LATER)
    catalog.erase("a")
    assert total(catalog, removed=True) == 0


def test_a_stored_array_that_another_volume_shares_is_not_free(catalog: Catalog) -> None:
    shared = replace(facts("a"), store_key="same")
    catalog.record(JOAO, shared, NOW)
    catalog.record(SECOND, replace(facts("b"), store_key="same"), NOW)
    assert catalog.erase("a") == ()
    assert catalog.erase("b") == ("same",)


def test_twins_are_erased_with_their_subjects_and_frames(catalog: Catalog) -> None:
    catalog.record(TWINS, facts("a"), NOW)
    catalog.erase("a")
    catalog.record(TWINS, facts("a"), NOW)
    assert [it.label for it in catalog.search(Query()).studies[0].subjects] == ["A", "B"]


def test_nothing_of_an_erased_patient_is_left_in_the_file(catalog: Catalog, path: Path) -> None:
    """Deleted rows, words for the search and the write-ahead log included."""
    canary = replace(
        JOAO, patient=Patient("canary0id", "Rio", "Canarybird^Tweety", "1903-03-03"), study_uid="8"
    )
    catalog.record(canary, replace(facts("a"), description="canarybird"), NOW)
    catalog.record(JOAO, facts("b"), NOW)
    found = b"".join(it.read_bytes() for it in path.parent.iterdir())
    assert b"canary" in found.lower()
    catalog.erase("a")
    left = b"".join(it.read_bytes() for it in path.parent.iterdir())
    assert b"canary" not in left.lower()
    assert b"tweety" not in left.lower()


@pytest.mark.parametrize("state", ["never there", "in sight", "removed"])
def test_what_is_not_there_is_refused(catalog: Catalog, state: str) -> None:
    if state != "never there":
        catalog.record(JOAO, facts("a"), NOW)
    if state == "removed":
        catalog.remove("a", LATER)
    if state != "in sight":
        with pytest.raises(CatalogError) as caught:
            catalog.remove("a", LATER)
        assert caught.value.code == "unknown_volume"
    if state != "removed":
        with pytest.raises(CatalogError, match="no such volume"):
            catalog.restore("a")
    if state == "never there":
        for ask in (catalog.erase, catalog.studies_of, catalog.frames_of):
            with pytest.raises(CatalogError):
                ask("a")
