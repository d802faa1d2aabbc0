"""The table of all rows, for people, for a document and for programs."""

import dataclasses
import json
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.table import Row

HEADINGS = ("Comparison", "Ours", "Peer", "Ours / peer", "Lowest to highest", "Note")

Results = Mapping[str, Sequence[Row] | str]
"""Benchmark -> its rows, or in one sentence why there are none."""


def as_text(results: Results, machine: str) -> str:
    """Return the table for a terminal."""
    table = Table(*HEADINGS, box=box.SIMPLE_HEAD)
    for number in (1, 2, 3, 4):
        table.columns[number].justify = "right"
    for name, rows in results.items():
        table.add_section()
        for row in rows if not isinstance(rows, str) else ():
            table.add_row(*cells(row))
        if isinstance(rows, str):
            table.add_row(f"{name} FAILED", "", "", "", "", rows)
    console = Console(width=170, highlight=False)
    with console.capture() as captured:
        console.print(machine, soft_wrap=True)
        console.print(table)
        console.print("Medians of turns A B A B; lower is better in every row.")
    return captured.get()


def as_markdown(results: Results, machine: str) -> str:
    """Return the table for `docs/benchmarks.md`."""
    lines = [
        f"Machine: {machine}.",
        "",
        _line(HEADINGS),
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, rows in results.items():
        if isinstance(rows, str):
            lines.append(_line((f"{name} failed", "", "", "", "", rows)))
        else:
            lines += [_line(cells(row)) for row in rows]
    return "\n".join(lines)


def as_json(results: Results, machine: str) -> str:
    """Return everything as one JSON document."""
    found = {
        name: {"failed": rows}
        if isinstance(rows, str)
        else {"rows": [dataclasses.asdict(row) for row in rows]}
        for name, rows in results.items()
    }
    return json.dumps({"machine": machine, "benchmarks": found}, indent=2)


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as the texts of its cells."""
    peer = "" if row.peer is None else _amount(row.peer, row.unit)
    ratio = "" if row.ratio is None else _short(row.ratio)
    spread = ""
    if row.ratio_min is not None and row.ratio_max is not None:
        spread = f"{_short(row.ratio_min)} to {_short(row.ratio_max)}"
    return (row.name, _amount(row.ours, row.unit), peer, ratio, spread, row.note)


def _amount(value: float, unit: str) -> str:
    return f"{_short(value)} {unit}"


def _short(value: float) -> str:
    """Return three digits that mean something, or all that are before the point."""
    for limit, digits in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= limit:
            return f"{value:,.{digits}f}"
    return f"{value:.3g}"


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', '/') for text in texts)} |"
