"""Text put into other text by formatting."""

from collections.abc import Iterable


def naive_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return a report for a spreadsheet."""
    return "\n".join(",".join(row) for row in rows)


def naive_log_line(level: str, what: str) -> str:
    """Return a line of a log."""
    return f"2026-01-02T03:04:05Z {level} {what}\n"


def naive_error(path: str, patient: str) -> str:
    """Return what a reader says of a file that it cannot read."""
    return f"cannot read {path} of {patient}"
