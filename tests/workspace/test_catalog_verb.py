"""`commissure catalog`."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer.testing

from imaging.catalog.catalog import Catalog
from imaging.errors import CatalogError
from imaging.identity import Patient, SourceIdentity
from tests.imaging.catalog.cases import JOAO, NOW, TWINS, facts
from tests.workspace.command import commissure
from workspace.cli.main import build_app
from workspace.storage import catalog_in

SECRETS = ("Silva", "João", "12-345", "1990-02-03", "ACC-0042", "TWIN-", "GROUP-1", "Twins^Two")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Catalog(catalog_in(tmp_path / "data")) as catalog:
        catalog.record(JOAO, facts("one"), NOW)
        catalog.record(TWINS, facts("both"), NOW)
    return tmp_path / "data"


def told(*arguments: object) -> str:
    result = typer.testing.CliRunner().invoke(
        build_app(), ["catalog", *map(str, arguments)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*arguments: object) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(told(*arguments, "--json"))
    return decoded


def test_cases_are_listed_by_pseudonym_and_say_no_name(data: Path) -> None:
    for shown in (told("list", "--data", data), told("list", "--data", data, "--json")):
        assert shown.count("Case ") >= 2
        assert [secret for secret in SECRETS if secret in shown] == []


def test_names_are_shown_when_they_are_asked_for(data: Path) -> None:
    assert "Silva" in told("search", "joao", "--data", data, "--names")
    (study,) = document("search", "joao", "--data", data, "--names")["studies"]
    assert study["patient"]["name"] == "Silva^João"
    assert study["patient"]["patient_id"] == "12-345"
    assert study["accession_number"] == "ACC-0042"


def test_a_search_goes_by_all_words_and_filters(data: Path) -> None:
    assert document("search", "silva", "angio", "--data", data)["total"] == 1
    assert document("search", "silva", "both", "--data", data)["total"] == 0
    assert document("search", "ct", "--modality", "MR", "--data", data)["total"] == 0
    assert document("search", "ct", "--since", "2022-01-01", "--data", data)["total"] == 2
    assert document("search", "ct", "--until", "2022-01-01", "--data", data)["total"] == 0
    page = document("search", "ct", "--limit", 1, "--offset", 1, "--data", data)
    assert (page["total"], len(page["studies"])) == (2, 1)
    assert "1 of 2 studies" in told("search", "ct", "--limit", 1, "--data", data)


def test_a_document_holds_what_a_program_needs(data: Path) -> None:
    (study,) = document("search", "both", "--data", data)["studies"]
    (series,) = study["series"]
    (volume,) = series["volumes"]
    assert (volume["id"], volume["store_key"]) == ("both", "store-both")
    assert volume["shape_kji"] == [30, 20, 10]
    assert volume["affine_lps"][0] == [0.5, 0, 0, -7]
    assert volume["warnings"][0]["code"] == "placement"
    frames = {it["label"]: it["frames"][0] for it in study["subjects"]}
    assert frames["A"]["left"] == [1, 0, 0]
    assert frames["B"]["left"] == [-1, 0, 0]
    assert frames["B"]["basis"] == "position"


def test_people_are_told_of_subjects_and_warnings(data: Path) -> None:
    with Catalog(catalog_in(data)) as catalog:
        other = Patient("12-345", "Rio", "Souza^Ana")
        catalog.record(SourceIdentity(other, study_uid="9", series_uid="9.1"), facts("x"), NOW)
    shown = " ".join(told("list", "--data", data).split())
    assert "subject B, anatomical frame: position" in shown
    assert "(names_differ)" in shown


def test_a_volume_is_removed_restored_and_erased(data: Path) -> None:
    assert document("remove", "one", "--data", data) == {"volume": "one", "state": "removed"}
    assert document("search", "silva", "--data", data)["total"] == 0
    assert document("list", "--removed", "--data", data)["total"] == 1
    assert "restore both" in told("remove", "both", "--data", data)
    assert told("restore", "one", "--data", data) == "Restored.\n"
    assert document("search", "silva", "--data", data)["total"] == 1
    erased = document("erase", "one", "--data", data)
    assert erased == {"volume": "one", "state": "erased", "files": 0}
    assert "Erased" in told("erase", "both", "--data", data)
    assert document("list", "--removed", "--data", data)["total"] == 0


def test_nothing_is_found_and_nothing_made_where_nothing_was_recorded(tmp_path: Path) -> None:
    assert told("list", "--data", tmp_path) == "No case is found.\n"
    assert document("list", "--data", tmp_path) == {"total": 0, "studies": []}
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CatalogError, match="no catalogue"):
        told("remove", "one", "--data", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_refused_is_one_sentence_without_a_name(data: Path) -> None:
    ended = commissure("catalog", "remove", "nowhere", "--data", data)
    assert (ended.code, ended.out) == (1, "")
    assert "no such volume" in ended.sentence
    ended = commissure("catalog", "search", "joao", "--since", "yesterday", "--data", data)
    assert ended.code == 1
    assert "YYYY-MM-DD" in ended.sentence
    catalog_in(data).write_bytes(b"damaged" * 999)
    ended = commissure("catalog", "search", "Silva", "--data", data)
    assert ended.code == 1
    assert "damaged" in ended.sentence
    assert "Silva" not in ended.err


def test_a_name_steers_no_terminal(tmp_path: Path) -> None:
    with Catalog(catalog_in(tmp_path)) as catalog:
        patient = Patient("1", "", "Evil\x1b[2J\nName")
        catalog.record(SourceIdentity(patient, study_description="a\x1b[31mb"), facts(), NOW)
    shown = told("list", "--names", "--data", tmp_path)
    assert "\x1b" not in shown
