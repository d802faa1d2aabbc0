"""Every code that imaging raises stands in docs/conformance.md, and the other way round."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from imaging.dicom.admitting import CT_CLASSES, MR_CLASSES
from imaging.dicom.decoding import TRANSFER_SYNTAXES

REPOSITORY: Final = Path(__file__).resolve().parents[1]
DOCUMENT: Final = (REPOSITORY / "docs/conformance.md").read_text()
CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")


def raised(source: str) -> Iterator[str]:
    """Yield the codes of errors, rules, skipped files and warnings in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _codes_of_call(node.func.id, node.args)
        elif isinstance(node, ast.Tuple) and _is_warning_or_mix(node.elts):
            yield from _text(node.elts[0])
        elif isinstance(node, ast.FunctionDef):  # def __init__(self, message, code="imaging")
            names = [argument.arg for argument in node.args.args]
            if names[-1:] == ["code"]:
                yield from (text for default in node.args.defaults for text in _text(default))


def _codes_of_call(name: str, arguments: list[ast.expr]) -> Iterator[str]:
    first = name in {"NoDicomError", "Rule"}
    if first or name.endswith("Error") or name in {"SkippedFile", "SourceNote"}:
        yield from (text for one in arguments[0 if first else 1 :][:1] for text in _text(one))


def _is_warning_or_mix(parts: list[ast.expr]) -> bool:
    """Return whether a tuple is (code, sentence), or (code, what differs, lambda)."""
    if len(parts) < 2 or not CODE.fullmatch("".join(_text(parts[0])) or "-"):
        return False
    sentence = isinstance(parts[1], ast.JoinedStr) or " " in "".join(_text(parts[1]))
    named = isinstance(parts[1], ast.Name) and parts[1].id == "message"
    return (len(parts) == 2 and (sentence or named)) or isinstance(parts[-1], ast.Lambda)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def codes_of_imaging() -> set[str]:
    modules = sorted((REPOSITORY / "imaging").rglob("*.py"))
    return {code for module in modules for code in raised(module.read_text())}


def codes_of_document() -> list[str]:
    chapter = DOCUMENT.partition("## Codes")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([a-z0-9_]+)` \|", chapter, flags=re.MULTILINE)


def test_every_code_of_imaging_stands_in_the_document() -> None:
    assert codes_of_imaging() - set(codes_of_document()) == set()


def test_every_code_of_the_document_is_one_of_imaging_and_stands_there_once() -> None:
    listed = codes_of_document()
    assert set(listed) - codes_of_imaging() == set()
    assert len(set(listed)) == len(listed)


def test_codes_are_found_wherever_they_are_written() -> None:
    module = """
def f(message, code="e0"):
    raise RefusedFileError("broken", "e_one")
RULES = (Rule("e_two", _test, "are", "do"), ("e_three", "kinds of value", lambda one: one))
notes = [("e_four", f"{n} voxels"), ("e_five", "some words"), ("e_six", message)]
raise NoDicomError("e_seven") from SkippedFile(str(file), "e_eight")
size = ("short", "short int", "int16")
"""
    assert sorted(raised(module)) == sorted(
        ["e0", "e_one", "e_two", "e_three", "e_four", "e_five", "e_six", "e_seven", "e_eight"]
    )


def test_the_document_lists_the_transfer_syntaxes_that_are_decoded() -> None:
    listed = set(re.findall(r"\| (1\.2\.840\.10008\.1\.2[.0-9]*) \|", DOCUMENT))
    assert listed == TRANSFER_SYNTAXES


def test_the_document_lists_the_sop_classes_that_are_accepted() -> None:
    listed = set(re.findall(r"\| (1\.2\.840\.10008\.5\.1\.4\.1\.1[.0-9]*) \|", DOCUMENT))
    assert listed == CT_CLASSES | MR_CLASSES
