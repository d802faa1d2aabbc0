"""Old entries of the audit trail, written once more as files that can be put away elsewhere.

Nothing is taken out of the trail. A segment is a stretch of the chain, so it proves itself.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sessions.audit.reading import read_trail
from sessions.audit.trail import FILE_NAME
from workspace.audit.exporting import write_export
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules

SEGMENTS: Final = "audit-segments"
_NAME: Final = re.compile(r"audit-(\d+)-(\d+)\.jsonl")


def audit_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield the stretch of the trail that is old enough and in no segment yet."""
    days = rules.audit.seal_after_days
    if days is None or not (data / FILE_NAME).is_file():
        return
    before_ms = (now - timedelta(days=days)).timestamp() * 1000
    sealed = sealed_up_to(data)
    last = 0
    for entry in read_trail(data / FILE_NAME):
        if entry.event.at_ms >= before_ms:
            break
        last = entry.sequence
    if last > sealed:
        yield Proposal(
            "seal_audit",
            f"{sealed + 1}-{last}",
            last - sealed,
            0,
            lambda: _seal(data, sealed + 1, last),
        )


def sealed_up_to(data: Path) -> int:
    """Return the last entry that is in a segment."""
    names = (_NAME.fullmatch(path.name) for path in (data / SEGMENTS).glob("*.jsonl"))
    return max((int(name[2]) for name in names if name is not None), default=0)


def _seal(data: Path, first: int, last: int) -> None:
    folder = data / SEGMENTS
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted = (it for it in read_trail(data / FILE_NAME) if first <= it.sequence <= last)
    write_export(wanted, "jsonl", folder / f"audit-{first:09}-{last:09}.jsonl", "commissure")
