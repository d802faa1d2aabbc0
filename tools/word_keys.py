"""List the texts that pages show, and what their catalogues lack.

Usage: python -m tools.word_keys            what is missing or left over, as JSON
       python -m tools.word_keys all        every key, as JSON
       python -m tools.word_keys tidy       sort the catalogues, and drop what nobody says any more
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workspace.panels.words import CATALOGUES, ENGLISH, LANGUAGES

REPOSITORY: Final = Path(__file__).resolve().parents[1]
PYTHON: Final = REPOSITORY / "workspace"
CLIENT: Final = REPOSITORY / "workspace" / "client" / "src"

SPOKEN: Final = frozenset({"t", "key"})
"""What a text goes through in Python: `workspace.panels.words`."""

_LITERAL: Final = r"""\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.)*)`)"""
_IN_CLIENT: Final = re.compile(r"(?<![\w.])(?:\$?t|key)" + _LITERAL)
_IN_TEMPLATE: Final = re.compile(r"\$t" + _LITERAL)
"""In the templates that panels write in Python, the browser looks words up by ``$t``."""

_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_NAMED: Final = {"n": "\n", "t": "\t"}

PLACE: Final = re.compile(r"\{(\w+)\}")


def keys() -> dict[str, str]:
    """Return every text that pages show -> a file that says it."""
    found: dict[str, str] = {}
    for path in sorted(PYTHON.rglob("*.py")):
        if "node_modules" not in path.parts:
            for text in in_python(path.read_text("utf-8")):
                found.setdefault(text, str(path.relative_to(REPOSITORY)))
    for path in sorted([*CLIENT.rglob("*.ts"), *CLIENT.rglob("*.vue")]):
        for text in in_client(path.read_text("utf-8")):
            found.setdefault(text, str(path.relative_to(REPOSITORY)))
    return found


def in_python(source: str) -> Iterator[str]:
    """Yield the keys of a Python module: calls of `t` and `key`, and ``$t`` in its templates."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if (
                name in SPOKEN
            ):
                yield text
            case ast.Constant(value=str(text)):
                yield from (_text_of(match) for match in _IN_TEMPLATE.finditer(text))


def in_client(source: str) -> Iterator[str]:
    """Yield the keys of a TypeScript or Vue source."""
    return (_text_of(match) for match in _IN_CLIENT.finditer(source))


def _text_of(match: re.Match[str]) -> str:
    literal = next(group for group in match.groups() if group is not None)
    return _ESCAPE.sub(_unescaped, literal)


def _unescaped(match: re.Match[str]) -> str:
    what = match[1]
    return chr(int(what[1:], 16)) if len(what) > 1 else _NAMED.get(what, what)


def read(language: str) -> dict[str, str]:
    """Return a catalogue as it stands in its file."""
    words: dict[str, str] = json.loads((CATALOGUES / f"{language}.json").read_text("utf-8"))
    return words


def foreign() -> list[str]:
    """Return the languages that have a catalogue."""
    return [code for code in LANGUAGES if code != ENGLISH]


def lacking(said: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return language -> key without words -> a file that says it."""
    return {
        code: {text: where for text, where in said.items() if not read(code).get(text)}
        for code in foreign()
    }


def unsaid(said: dict[str, str]) -> dict[str, list[str]]:
    """Return language -> words that nobody says any more."""
    return {code: [text for text in read(code) if text not in said] for code in foreign()}


def places(text: str) -> set[str]:
    """Return the names of what is put into a text."""
    return set(PLACE.findall(text))


def tidy(said: dict[str, str]) -> None:
    """Sort the catalogues, and drop what nobody says any more."""
    for code in foreign():
        words = {text: it for text, it in sorted(read(code).items()) if text in said}
        content = json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True)
        (CATALOGUES / f"{code}.json").write_text(content + "\n", "utf-8")


def main() -> None:
    """Print what was asked for."""
    said = keys()
    match sys.argv[1:]:
        case ["all"]:
            told: object = said
        case ["tidy"]:
            tidy(said)
            told = {code: len(read(code)) for code in foreign()}
        case _:
            told = {"lacking": lacking(said), "unsaid": unsaid(said)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
