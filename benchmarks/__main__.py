"""Run the benchmarks and print one table of ratios to named peers."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.machine import machine_line
from benchmarks.printing import as_json, as_markdown, as_text
from benchmarks.table import Row

BENCHMARKS: Final = {
    "import": "import_speed",
    "compressed": "compressed_import",
    "memory": "import_memory",
    "inspect": "inspect_speed",
    "torture": "torture",
    "store": "volume_store",
    "surface": "surface_speed",
    "picture": "first_picture",
    "slices": "browser_slices",
    "commands": "command_latency",
    "presence": "presence_fan_out",
    "joining": "joining",
    "server_slices": "slices_server",
    "log": "log_speed",
    "history": "long_room",
    "audit": "audit_trail",
    "registration": "registration",
}
"""Each is a module with a function `measure(effort) -> list[Row]`."""


def run_all(names: Sequence[str], effort: Effort) -> dict[str, list[Row] | str]:
    """Run benchmarks one after the other; one that fails does not hide the others."""
    results: dict[str, list[Row] | str] = {}
    for name in names:
        began = time.perf_counter()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        try:
            module = importlib.import_module(f"benchmarks.{BENCHMARKS[name]}")
            results[name] = list(module.measure(effort))
        except Exception as error:  # noqa: BLE001 (the rim: shown in the table, and in the exit code)
            results[name] = f"{type(error).__name__}: {error}".splitlines()[0]
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where a benchmark failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--markdown", action="store_true", help="the table for docs/benchmarks.md")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    machine = machine_line()
    results = run_all(chosen.names or list(BENCHMARKS), QUICK if chosen.quick else FULL)
    printed = as_json if chosen.json else as_markdown if chosen.markdown else as_text
    print(printed(results, machine))
    return 1 if any(isinstance(rows, str) for rows in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
