"""Every rule has a test, and every test a rule."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "sessions" / "SPEC.md"
RULE = re.compile(r"^- \*\*([A-Z]\d+)\*\* ", re.MULTILINE)
NAMED = re.compile(r"^([A-Z]\d+)(?=[.;])")


def rules() -> list[str]:
    return RULE.findall(SPEC.read_text(encoding="utf-8"))


def docstrings_of_tests() -> dict[str, str]:
    """Return the docstring of every test of sessions, by its name."""
    found = {}
    for path in HERE.rglob("test_*.py"):
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("test_"):
                found[f"{path.name}: {node.name}"] = ast.get_docstring(node) or ""
    return found


def test_rules_are_numbered_without_gaps_or_repeats() -> None:
    numbers: dict[str, list[int]] = {}
    for rule in rules():
        numbers.setdefault(rule[0], []).append(int(rule[1:]))
    for series in numbers.values():
        assert series == list(range(1, len(series) + 1))


def test_every_test_of_a_room_names_a_rule_that_there_is() -> None:
    known = set(rules())
    for name, docstring in docstrings_of_tests().items():
        rule = NAMED.match(docstring)
        assert rule is not None, f"{name} names no rule"
        assert rule[1] in known, f"{name} names {rule[1]}, which is not in SPEC.md"


def test_every_rule_has_a_test() -> None:
    named = {match[1] for it in docstrings_of_tests().values() if (match := NAMED.match(it))}
    assert sorted(set(rules()) - named) == []
