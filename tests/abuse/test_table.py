"""No row of the list is without a test in which it bites, and one in which it does not."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.abuse.table import ROWS, TABLE

REPOSITORY = Path(__file__).resolve().parents[2]


@cache
def functions_of(file: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((REPOSITORY / file).read_text())
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


def missing(test_id: str) -> bool:
    file, _, name = test_id.partition("::")
    return not (REPOSITORY / file).is_file() or name not in functions_of(file)


def test_the_table_has_every_row_and_no_other() -> None:
    assert sorted(TABLE) == sorted(ROWS)
    assert len(ROWS) == 48


@pytest.mark.parametrize("number", TABLE)
def test_a_row_bites_somewhere_and_not_here(number: int) -> None:
    row = TABLE[number]
    assert row.bites
    assert row.here
    assert [it for it in (*row.bites, *row.here) if missing(it)] == []


def test_a_test_that_there_is_not_is_missed() -> None:
    assert missing("tests/abuse/test_table.py::test_of_nothing")
    assert missing("tests/abuse/test_of_nothing.py::test_of_nothing")
