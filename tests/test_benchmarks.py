"""The benchmarks themselves: that they run, count what they say, and print it. No timing."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from benchmarks import __main__ as command
from benchmarks import (
    audit_trail,
    command_latency,
    import_memory,
    import_speed,
    joining,
    log_speed,
    presence_fan_out,
    slices_server,
    surface_speed,
)
from benchmarks.effort import QUICK
from benchmarks.printing import as_json, as_markdown, as_text
from benchmarks.server_process import ServerProcess
from benchmarks.table import Row, figure, row_of
from benchmarks.traffic import Line, Traffic, collect
from benchmarks.wire import CountingWire

TINY = replace(QUICK, runs=1, slices=3, appends=3, surface_spacing_mm=2.0, load_s=0.2)

ROWS = [
    row_of("reading / SimpleITK", [(2.0, 1.0), (3.0, 1.0), (1.0, 4.0)]).noted("a|b"),
    figure("whole way", [3.0, 1.0, 2.0], "ms"),
]


def test_a_row_holds_the_median_of_the_ratios_of_pairs_and_their_spread() -> None:
    row = ROWS[0]
    assert (row.ours, row.peer, row.ratio) == (2.0, 1.0, 2.0)
    assert (row.ratio_min, row.ratio_max) == (0.25, 3.0)


def test_a_figure_without_a_peer_is_a_median_and_has_no_ratio() -> None:
    assert (ROWS[1].ours, ROWS[1].peer, ROWS[1].ratio) == (2.0, None, None)


def test_the_table_shows_rows_and_failures_in_every_form() -> None:
    results: dict[str, list[Row] | str] = {"import": ROWS, "surface": "OSError: no disk"}
    text, markdown = as_text(results, "2 cores"), as_markdown(results, "2 cores")
    found = json.loads(as_json(results, "2 cores"))
    for printed in (text, markdown):
        assert "reading / SimpleITK" in printed
        assert "0.25 to 3.00" in printed
        assert "OSError: no disk" in printed
    assert "| reading / SimpleITK | 2.00 s | 1.00 s | 2.00 | 0.25 to 3.00 | a/b |" in markdown
    assert found["benchmarks"]["import"]["rows"][0]["ratio"] == 2.0
    assert found["benchmarks"]["surface"] == {"failed": "OSError: no disk"}


def test_a_benchmark_that_fails_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> list[Row]:
        raise OSError("no disk")

    monkeypatch.setattr(import_speed, "measure", fail)
    monkeypatch.setattr(log_speed, "measure", lambda _: ROWS)
    assert command.main(["import", "log", "--quick", "--markdown"]) == 1
    printed = capsys.readouterr().out
    assert "import failed" in printed
    assert "whole way" in printed


def test_every_name_in_the_table_of_benchmarks_is_a_module_that_measures() -> None:
    folder = Path(command.__file__).parent
    for module in command.BENCHMARKS.values():
        assert "\ndef measure(effort: Effort" in (folder / f"{module}.py").read_text()


@pytest.mark.parametrize(
    "module", [audit_trail, import_speed, import_memory, log_speed, surface_speed]
)
def test_a_cheap_benchmark_runs_at_a_tiny_size(module: object) -> None:
    rows = module.measure(TINY)  # type: ignore[attr-defined]
    assert rows
    assert all(row.ours > 0 for row in rows)


def test_members_on_real_sockets_lose_no_command_and_end_with_one_plan() -> None:
    """Anything else would be raised; the log on disk is checked, too."""
    rows = command_latency.measure(replace(TINY, members=(2,), load_s=0.6))
    assert rows[0].note.startswith("12 commands, 0 lost")


def test_presence_and_joining_are_measured_in_a_real_room() -> None:
    tiny = replace(TINY, presence_members=3, joining=2, load_s=0.2)
    for module in (presence_fan_out, joining):
        rows = module.measure(tiny)
        assert all(row.ours > 0 for row in rows if row.unit == "ms" and "work" not in row.name)


def test_slices_of_the_server_are_measured_in_a_real_room() -> None:
    rows = slices_server.measure(replace(TINY, slices=20, load_s=0.3))
    assert len(rows) == 5
    assert all(row.ours > 0 for row in rows)


async def test_the_bare_peer_sends_a_text_to_everybody_and_the_wire_counts_it() -> None:
    with (
        ServerProcess("benchmarks.bare_broadcast") as bare,
        CountingWire(bare.ready["url"]) as wire,
    ):
        async with aiohttp.ClientSession() as session:
            ana = await session.ws_connect(f"{wire.url}/socket")
            ben = await session.ws_connect(f"{wire.url}/socket")
            wire.start_counting()
            await ana.send_str("x" * 1000)
            assert await ana.receive_str() == await ben.receive_str() == "x" * 1000
            # two frames of 1,000 bytes with a header of four bytes each
            assert wire.bytes_to_browser == 2008
            await asyncio.gather(ana.close(), ben.close())


async def test_a_message_that_misses_one_line_counts_as_lost() -> None:
    traffic = Traffic(sent={"a": (0, 1.0), "b": (1, 1.0)})
    lines = [_line((2.0, "a"), (2.5, "b")), _line((1.5, "b"), (3.0, "b"))]
    await collect(traffic, lines, lambda text: [text])
    assert traffic.lost == 1
    assert traffic.waits_own_ms() == [1000.0, 500.0]
    assert traffic.waits_elsewhere_ms() == [1500.0]


def _line(*frames: tuple[float, str]) -> Line:
    return Line(socket=None, frames=list(frames))  # type: ignore[arg-type]
