"""A value that lands in a template is code in every browser: templates must be constants."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import workspace.panels

PANELS = sorted(
    path
    for path in Path(workspace.panels.__file__).parent.glob("*.py")
    if path.name != "words.py"  # which reads catalogues, and draws nothing
)


def offences(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield f"line {node.lineno}: an f-string in a panel"
        if isinstance(node, ast.keyword) and node.arg == "v_html":
            yield "v_html in a panel"
        if isinstance(node, ast.Attribute) and node.attr in {"format", "format_map"}:
            yield f"line {node.lineno}: a formatted string in a panel"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            yield f"line {node.lineno}: a %-formatted string in a panel"


@pytest.mark.parametrize("path", PANELS, ids=lambda path: path.name)
def test_a_panel_holds_no_text_made_at_run_time(path: Path) -> None:
    assert list(offences(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "html.Div(f'{name}')",
        "html.Div(v_html='name')",
        "html.Div('{}'.format(name))",
        "html.Div('%s' % name)",
    ],
)
def test_the_check_finds_what_it_looks_for(source: str) -> None:
    assert list(offences(source))
