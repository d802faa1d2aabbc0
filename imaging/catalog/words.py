"""Words to find a study by: without case and accents, whole and in parts."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_UNDECOMPOSED: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
    }
)
"""Latin letters that Unicode does not take apart into a letter and an accent."""

MOST_WORDS: Final = 32
"""Of a query: the rest is not looked at."""

LONGEST_QUERY: Final = 1000
"""Letters, likewise."""


def folded(text: str) -> str:
    """Return text without case and accents.

    Examples
    --------
    >>> folded("João Müller, Żółć, Straße")
    'joao muller, zolc, strasse'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(it for it in apart if not unicodedata.combining(it)).translate(_UNDECOMPOSED)


def words_of(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, folded."""
    return _WORD.findall(folded(text))


def index_of(*texts: str) -> str:
    """Return what a search can find of some texts.

    A word that is written in parts is kept whole too, for it is also typed whole: an id with
    hyphens, a date, O'Neil. The spellings of a name (PS3.5, 6.2.1.2) count as several texts.

    Examples
    --------
    >>> index_of("O'Neil^Ann=安", "12-3")
    'o neil ann oneil oneilann 安 12 3 123'
    """
    return " ".join(dict.fromkeys(word for text in texts for word in _parts_and_wholes(text)))


def _parts_and_wholes(text: str) -> Iterator[str]:
    for spelling in text.split("="):
        yield from words_of(spelling)
        for whole in re.split(r"[\s^\\]+", spelling):
            yield "".join(words_of(whole))
        if "^" in spelling:
            yield "".join(words_of(spelling))


def match_of(query: str) -> str | None:
    r"""Return an expression for SQLite's full-text search; None, if nothing is looked for.

    Every word of the query must begin one of the study, or a run of several.

    Examples
    --------
    >>> match_of("joão 12-3")
    '"joao" * AND ("12 3" * OR "123" *)'

    References
    ----------
    https://www.sqlite.org/fts5.html, chapter 3.
    """
    terms = [words_of(word) for word in query[:LONGEST_QUERY].split()]
    asked = [_term(parts) for parts in terms if parts][:MOST_WORDS]
    if not asked:
        return None if not query.strip() else '""'
    return " AND ".join(asked)


def _term(parts: list[str]) -> str:
    """Return one word of a query; it holds letters and digits only, so nothing needs quoting."""
    if len(parts) == 1:
        return f'"{parts[0]}" *'
    return f'("{" ".join(parts)}" * OR "{"".join(parts)}" *)'
