"""The limits are those that the conformance document tells of."""

import re
from pathlib import Path

import pytest

from imaging.sources.limits import DEFAULT_SOURCE_LIMITS, Allowance
from imaging.sources.names import DEEPEST

REPOSITORY = Path(__file__).resolve().parents[3]
TABLE = (REPOSITORY / "docs/conformance.md").read_text().partition("| limit of archives |")[2]
LIMITS = DEFAULT_SOURCE_LIMITS


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("members, files in all", f"{LIMITS.files:,}"),
        ("one member", f"{LIMITS.member_bytes // 2**30} GiB"),
        ("all archives together", f"{LIMITS.unpacked_bytes // 2**30} GiB, and "),
        ("all archives together", f" and {LIMITS.spare_disk_bytes // 2**20} MiB of the disk stay"),
        (
            "growth",
            f"{LIMITS.growth} times the archive, or {LIMITS.free_growth_bytes // 2**30} GiB",
        ),
        ("folders within folders", str(DEEPEST)),
    ],
)
def test_the_document_tells_the_limit(limit: str, value: str) -> None:
    (told,) = re.findall(rf"^\| {limit} \| ([^|]*) \|", TABLE, flags=re.MULTILINE)
    assert value in told


def test_an_allowance_is_spent_once() -> None:
    whole = Allowance(files=10, size=100)
    part = whole.part(60)
    part.spend(3, 50)
    assert (part, whole) == (Allowance(7, 10), Allowance(10, 100))
    assert whole.part(1000) == whole
