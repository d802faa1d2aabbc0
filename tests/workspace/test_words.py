"""Every text of a page is said in every language."""

import pytest

from tools.word_keys import foreign, in_client, in_python, keys, lacking, places, read, unsaid
from workspace.panels.words import LANGUAGES, best_of, speaking, spoken_now, t


@pytest.mark.parametrize("language", foreign())
def test_every_text_has_words_in(language: str) -> None:
    said = keys()
    assert len(said) > 20
    assert lacking(said)[language] == {}


@pytest.mark.parametrize("language", foreign())
def test_no_words_are_kept_that_nobody_says_in(language: str) -> None:
    assert unsaid(keys())[language] == []


@pytest.mark.parametrize("language", foreign())
def test_what_is_put_into_a_text_is_put_into_its_words_in(language: str) -> None:
    wrong = [text for text, words in read(language).items() if places(text) != places(words)]
    assert wrong == []


@pytest.mark.parametrize("language", foreign())
def test_words_begin_and_end_as_their_text_does_in(language: str) -> None:
    """A space at an end, or a dot, joins a text to what stands beside it."""
    edges = " .…:"
    wrong = [
        text
        for text, words in read(language).items()
        if (text[-1] in edges or words[-1] in edges) and text[-1] != words[-1]
    ]
    assert wrong == []


def test_a_text_is_said_in_the_language_of_the_block() -> None:
    assert t("Sign in") == "Sign in"
    with speaking("pt"):
        assert t("Sign in") == "Entrar"
        with speaking("es"):
            assert t("Sign in") == "Iniciar sesión"
    assert spoken_now() == "en"


def test_what_nobody_has_words_for_is_said_in_english() -> None:
    with speaking("pt"):
        assert t("No catalogue holds this.") == "No catalogue holds this."


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("pt", "pt"),
        ("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "pt"),
        ("es-419", "es"),
        ("fr;q=1, es;q=0.3, en;q=0.2", "es"),
        ("en;q=0.1, pt;q=0.5", "pt"),
        ("pt;q=0, es;q=0.1", "es"),
        ("*", "en"),
        ("pt;q=much", "en"),
        (";;;,,,", "en"),
        ("es," * 10_000, "es"),
    ],
)
def test_a_browser_s_wishes_are_heard(accepted: str, language: str) -> None:
    assert best_of(accepted) == language


def test_every_language_calls_itself_by_its_own_name() -> None:
    assert set(LANGUAGES.values()) == {"English", "Português", "Español"}


def test_keys_are_found_in_python() -> None:
    source = """
LABELS = (key("Case"),)
html.Span(t("Sign in"), title=("$t('Not this')",))
html.Span("{{ $t('Draft') }} {{ $t(row.state) }}")
other.t("nor this")
"""
    assert sorted(in_python(source)) == ["Case", "Draft", "Not this", "Sign in"]


def test_keys_are_found_in_typescript() -> None:
    source = r"""
t("One \"word\""), t('it\'s'), t(`as it is`), t("{n} mm", { n: 3 }), t(
  "on the next line",
), part("not this"), x.t("nor this"), `${t("inside")}`
"""
    assert list(in_client(source)) == [
        'One "word"',
        "it's",
        "as it is",
        "{n} mm",
        "on the next line",
        "inside",
    ]
