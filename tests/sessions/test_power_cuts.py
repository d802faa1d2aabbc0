"""What was acknowledged survives a power cut at any write; with less care it would not."""

import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog

from tests.sessions.power_cut_disk import PowerCutDisk
from tests.sessions.power_cut_rehearsal import Verdict, verdicts

RUNS: Final = 1000
SOME_AND_ALL: Final = (300, pytest.param(RUNS, marks=pytest.mark.soak))
"""Of the runs, for the controls, which bite in any of them."""


@pytest.fixture
def disk() -> Iterator[PowerCutDisk]:
    """Return a disk; what its cuts make SQLite and the log say is not written anywhere."""
    quiet = structlog.testing.capture_logs()
    disk = PowerCutDisk("power")
    asyncio_log = logging.getLogger("asyncio")
    level = asyncio_log.level
    asyncio_log.setLevel(logging.CRITICAL)
    with quiet:
        yield disk
    asyncio_log.setLevel(level)
    disk.unregister()


async def test_nothing_acknowledged_is_lost_in_a_power_cut_at_any_write(
    disk: PowerCutDisk, tmp_path: Path
) -> None:
    """L12."""
    counted = await verdicts(disk, tmp_path, "full", range(RUNS))
    assert counted == {Verdict.KEPT: RUNS}


@pytest.mark.parametrize("runs", SOME_AND_ALL)
async def test_a_sync_that_failed_is_not_forgotten_at_the_next_power_cut(
    disk: PowerCutDisk, tmp_path: Path, runs: int
) -> None:
    """L12; the disk goes on after the failure, without what it was to take.

    Not on disks that spoil what they overwrite: nothing can be written there a second time.
    """
    counted = await verdicts(disk, tmp_path, "full", range(runs), syncs_fail=True)
    assert counted == {Verdict.KEPT: runs}
    assert disk.failed_syncs > runs / 2


@pytest.mark.parametrize("runs", SOME_AND_ALL)
async def test_the_same_cuts_lose_what_was_not_synced_with_each_commit(
    disk: PowerCutDisk, tmp_path: Path, runs: int
) -> None:
    """L12; the control: a simulation that loses nothing of this proves nothing."""
    counted = await verdicts(disk, tmp_path, "normal", range(runs))
    assert counted[Verdict.LOST] > runs / 5
    assert counted[Verdict.DAMAGED] == 0


@pytest.mark.parametrize("runs", SOME_AND_ALL)
async def test_the_same_cuts_damage_what_is_never_synced(
    disk: PowerCutDisk, tmp_path: Path, runs: int
) -> None:
    """L12; the control."""
    counted = await verdicts(disk, tmp_path, "off", range(runs))
    assert counted[Verdict.DAMAGED] > runs / 4


@pytest.mark.soak
async def test_nothing_acknowledged_is_lost_in_power_cuts_that_no_gate_has_seen(
    disk: PowerCutDisk, tmp_path: Path
) -> None:
    """L12."""
    first = random.SystemRandom().randrange(RUNS, 10**9)
    counted = await verdicts(disk, tmp_path, "full", range(first, first + 10 * RUNS))
    assert counted == {Verdict.KEPT: 10 * RUNS}
