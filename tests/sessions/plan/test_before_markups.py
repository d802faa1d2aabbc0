"""A room from before there were markups: its log, archive, snapshot and hashes hold."""

import io
from pathlib import Path
from typing import Final

import msgspec
import pytest

from sessions.archive import export_entries, import_entries
from sessions.plan.codec import canonical, state_hash
from sessions.plan.content import content_hash
from sessions.plan.events import SegmentEdited
from sessions.plan.evolving import evolve_all
from sessions.plan.records import BranchId, Plan, Segment, SegmentId, SegmentStatus, VersionId
from sessions.remembering import from_bytes, to_bytes
from sessions.state import State, hash_of, replay
from tests.sessions.deciding import after
from tests.sessions.plan.test_surrounding import A
from tests.sessions.scene import SKULL, draw, segment

GOLDEN: Final = Path(__file__).parents[2] / "golden"
ARCHIVE: Final = (GOLDEN / "room-before-markups.jsonl").read_bytes()
SNAPSHOT: Final = (GOLDEN / "room-before-markups.snapshot").read_bytes()
"""As the version before wrote them; the hashes below are what it said of them."""

PLAN = "6bbcd268e33af97cd523579fdf47e3f5e7aba7a7b22a21fbade3cd40b5c78d9b"
CONTENT = "81c16ec9e0138f52dac0e591f9428c1155d7d821111982e9a38f6dde3ea9485d"
VERSION = "be4bf2a85b714f1dde8e7b5415e7bf54cd8f80b7202e15a18413b54c5c5ab38d"
STATE = "ed5007523f923b3d84d5382dafcb3f1dfec556f50fd0fe8810b1220d98afbf80"
skull = SegmentId(SKULL)


@pytest.fixture
def state() -> State:
    return replay(import_entries(io.BytesIO(ARCHIVE)))


def test_an_older_archive_opens_and_is_written_as_it_was(state: State) -> None:
    """G8."""
    assert hash_of(state) == STATE
    entries = import_entries(io.BytesIO(ARCHIVE))
    assert b"".join(export_entries(entries)) == ARCHIVE


def test_an_older_snapshot_opens(state: State) -> None:
    """G8."""
    recalled, activity = from_bytes(SNAPSHOT)
    assert recalled == state
    assert len(activity) == 3
    assert from_bytes(to_bytes(recalled, activity))[0] == state


def test_an_older_version_is_what_was_signed(state: State) -> None:
    """G8."""
    assert (state_hash(state.plan), content_hash(state.plan)) == (PLAN, CONTENT)
    assert content_hash(state.kept[VersionId("v1")].plan) == VERSION
    assert state.plan.versions[VersionId("v1")].content_hash == VERSION
    assert content_hash(state.line(BranchId("b1")).plan) == VERSION


def test_what_is_new_is_hashed_once_it_is_there(plan: Plan) -> None:
    """G8."""
    drawn = after(plan, draw())
    assert content_hash(drawn) != content_hash(plan)
    assert state_hash(drawn) != state_hash(plan)
    shared = msgspec.structs.replace(plan, frames=(A,))
    assert state_hash(shared) != state_hash(plan)
    assert content_hash(shared) == content_hash(plan)


@pytest.mark.parametrize("status", ["completed", "in_progress"])
def test_a_segment_without_status_and_group_is_written_as_before(
    plan: Plan, status: SegmentStatus
) -> None:
    """G8; also one that came back to them, and whatever way it was read."""
    there = SegmentEdited(segment_id=skull, field="status", before="in_progress", after=status)
    back = SegmentEdited(segment_id=skull, field="status", before=status, after="in_progress")
    read = (msgspec.json.decode(canonical(it), type=SegmentEdited) for it in (there, back))
    again = evolve_all(plan, read)
    assert canonical(again.segments[skull]) == canonical(segment())
    assert b"status" not in canonical(segment())
    spelled = canonical({**msgspec.to_builtins(segment()), "status": "in_progress", "group": ""})
    assert canonical(msgspec.json.decode(spelled, type=Segment)) == canonical(segment())
