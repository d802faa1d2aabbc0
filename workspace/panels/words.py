"""The words of the pages, in the language of whoever reads them. English is the key.

Catalogues stand in ``workspace/words``, one file a language; the browser's part of them is bundled
with the client. Whatever a catalogue lacks is shown in English.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {ENGLISH: "English", "pt": "Português", "es": "Español"}
)
"""Code of a language -> its own name for itself."""

TAGS: Final[Mapping[str, str]] = MappingProxyType({ENGLISH: "en", "pt": "pt-BR", "es": "es"})
"""Code of a language -> what the ``lang`` attribute of a page says (BCP 47)."""

CATALOGUES: Final = Path(__file__).parents[1] / "words"

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def t(text: str) -> str:
    """Return a text in the language that is spoken now."""
    return catalogue(_spoken.get()).get(text, text)


def key(text: str) -> str:
    """Mark a text in a table that is made before anybody knows the language; `t` comes later."""
    return text


def spoken_now() -> str:
    """Return the code of the language that is spoken now."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speak a language for the rest of this task, which is one request."""
    _spoken.set(language if language in LANGUAGES else ENGLISH)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for the length of the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@lru_cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return English -> the language's words; empty for English itself."""
    if language == ENGLISH:
        return MappingProxyType({})
    content = (CATALOGUES / f"{language}.json").read_text("utf-8")
    words: dict[str, str] = json.loads(content)
    return MappingProxyType(words)


def best_of(accepted: str) -> str:
    """Return the language that a browser's ``Accept-Language`` asks for first, of those there are.

    References
    ----------
    RFC 9110, 12.5.4.

    Examples
    --------
    >>> best_of("fr, pt-BR;q=0.9, en;q=0.8"), best_of("de"), best_of("en;q=0.1, es;q=0.2")
    ('pt', 'en', 'es')
    """
    wishes = sorted(_wishes(accepted), key=lambda wish: -wish[0])
    return next((code for quality, code in wishes if quality > 0), ENGLISH)


def _wishes(accepted: str) -> Iterable[tuple[float, str]]:
    for part in accepted[:200].split(","):
        tag, _, weight = part.partition(";")
        code = tag.strip().partition("-")[0].lower()
        if code in LANGUAGES:
            try:
                yield float(weight.strip().removeprefix("q=") or 1), code
            except ValueError:
                continue
