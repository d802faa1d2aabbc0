"""What finds a study."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import LARGEST_PAGE, Query
from imaging.catalog.words import LONGEST_QUERY, MOST_WORDS, folded, match_of, words_of
from imaging.errors import CatalogError
from imaging.identity import Patient, SourceIdentity
from tests.imaging.catalog.cases import JOAO, NOW, facts


def person(number: int, name: str, date: str = "", modality: str = "CT") -> SourceIdentity:
    return SourceIdentity(
        Patient(f"id{number}", "Rio", name),
        study_uid=f"7.{number}",
        study_date=date,
        series_uid=f"7.{number}.1",
        modality=modality,
    )


@pytest.mark.parametrize(
    "text",
    [
        *("joao", "João", "JOÃO", "joa", "silva joao", "joão silva", "Silva^João", "silvajoao"),
        *("12-345", "12345", "12-3", "345"),
        *("ACC-0042", "acc0042", "s77"),
        *("2022-06-01", "20220601", "2022-06", "2022", "1990"),
        *("angio", "thin bone", "head", "ct", "1.2.3", "1.2.3.1", "v1"),
        *("joao angio 2022", "   ", ""),
    ],
)
def test_a_study_is_found_by(catalog: Catalog, text: str) -> None:
    catalog.record(JOAO, facts(), NOW)
    assert catalog.search(Query(text)).total == 1


@pytest.mark.parametrize(
    "text",
    ["oao", "joao mr", "12-346", "2023", "1.2.4", "---", "*", '"', "joao OR ana", "a" * 2000],
)
def test_a_study_is_not_found_by(catalog: Catalog, text: str) -> None:
    catalog.record(JOAO, facts(), NOW)
    assert catalog.search(Query(text)).total == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("O'Neil^Ann", "oneil"),
        ("O'Neil^Ann", "o'neil ann"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田太郎"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "たろ"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "tarou yamada"),
        ("Żółć^Łukasz", "zolc lukasz"),
        ("Strauß^Jörg", "strauss jorg"),
        ("Иванов^Фёдор", "иванов фед"),
        ("Παπαδόπουλος^Γιώργος", "παπαδοπουλος"),
        ("Hong^Gildong=洪^吉洞=홍^길동", "홍길동"),
    ],
)
def test_a_name_is_found_in_every_spelling(catalog: Catalog, name: str, text: str) -> None:
    catalog.record(person(1, name), facts(), NOW)
    catalog.record(person(2, "Nobody^Else"), facts("v2"), NOW)
    assert [it.patient.name for it in catalog.search(Query(text)).studies] == [name]


def test_a_pseudonym_finds_its_case(catalog: Catalog) -> None:
    wanted = catalog.record(person(1, "One"), facts("a"), NOW).pseudonym
    catalog.record(person(2, "Two"), facts("b"), NOW)
    for text in (wanted, wanted.removeprefix("Case "), wanted.lower()):
        assert [it.patient.name for it in catalog.search(Query(text)).studies] == ["One"]


@given(text=st.text(max_size=60))
def test_no_query_is_an_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Catalog(tmp_path_factory.getbasetemp() / "any.sqlite") as catalog:
        assert catalog.search(Query(text)).total == 0


@given(text=st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), max_size=30))
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_of_a_long_query_the_beginning_is_looked_at() -> None:
    match = match_of(" ".join(["word"] * 500))
    assert match is not None
    assert match.count("word") == MOST_WORDS
    assert len(words_of(match_of("x" * 5000) or "")[0]) == LONGEST_QUERY


def test_filters_and_words_go_together(catalog: Catalog) -> None:
    for number, (date, modality) in enumerate(
        [("2020-01-01", "CT"), ("2021-01-01", "MR"), ("2022-01-01", "CT"), ("", "CT")]
    ):
        name = f"Name{number}^Test"
        catalog.record(person(number, name, date, modality), facts(f"v{number}"), NOW)

    def names(query: Query) -> list[str]:
        return [study.patient.name[4] for study in catalog.search(query).studies]

    assert names(Query()) == ["2", "1", "0", "3"]
    assert names(Query(modality="mr")) == ["1"]
    assert names(Query(since="2021-01-01")) == ["2", "1"]
    assert names(Query(until="2021-01-01")) == ["1", "0"]
    assert names(Query("name", since="2020-06-01", until="2021-06-01")) == ["1"]
    assert names(Query("name2", modality="MR")) == []
    assert names(Query(order="oldest")) == ["0", "1", "2", "3"]


def test_the_last_import_and_the_case_order_too(catalog: Catalog) -> None:
    codes = {}
    for number, moment in enumerate(["2024-01-03", "2024-01-01", "2024-01-02"]):
        recorded = catalog.record(person(number, f"N{number}"), facts(f"v{number}"), moment)
        codes[f"N{number}"] = recorded.pseudonym
    by_import = catalog.search(Query(order="imported")).studies
    assert [it.patient.name for it in by_import] == ["N0", "N2", "N1"]
    by_case = catalog.search(Query(order="case")).studies
    assert [it.patient.pseudonym for it in by_case] == sorted(codes.values())


def test_pages_follow_one_another_without_gap_or_repetition(catalog: Catalog) -> None:
    for number in range(7):
        catalog.record(person(number, f"N{number}", "2020-01-01"), facts(f"v{number}"), NOW)
    seen = []
    for offset in (0, 3, 6, 9):
        page = catalog.search(Query(limit=3, offset=offset))
        assert page.total == 7
        seen += [study.patient.name for study in page.studies]
    assert sorted(seen) == [f"N{number}" for number in range(7)]


@pytest.mark.parametrize(
    "query",
    [
        Query(since="yesterday"),
        Query(until="2020-1-1"),
        Query(limit=0),
        Query(limit=LARGEST_PAGE + 1),
        Query(offset=-1),
        Query(order="name; DROP TABLE study"),  # type: ignore[arg-type]
    ],
)
def test_a_query_that_cannot_be_is_refused(catalog: Catalog, query: Query) -> None:
    with pytest.raises(CatalogError) as caught:
        catalog.search(query)
    assert caught.value.code == "bad_query"


def test_a_study_is_found_by_what_was_told_of_it_last(catalog: Catalog) -> None:
    catalog.record(JOAO, facts(), NOW)
    catalog.record(replace(JOAO, study_description="Follow up"), facts(), NOW)
    assert catalog.search(Query("angiography")).total == 1
    assert catalog.search(Query("follow")).total == 1
