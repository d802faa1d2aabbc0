"""A value that lands in a template is code in every browser: templates must be constants."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workspace.panels
from workspace.panels.page import WRITABLE, page_template
from workspace.server.member_server import MemberServer

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


def test_every_handler_is_an_expression_or_several_statements() -> None:
    """Vue takes what holds no semicolon for an expression: an `if` there breaks the whole page."""
    template = str(page_template(MemberServer("static", WRITABLE).trame)["trame__template_main"])
    handlers = re.findall(r'@[\w.:-]+="([^"]*)"', template)
    assert len(handlers) > 100
    assert [
        it for it in handlers if re.match(r"\s*(if|for|const|let)\b", it) and ";" not in it
    ] == []
