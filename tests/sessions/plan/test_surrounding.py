"""What all members see that is no part of the plan."""

import math

import pytest

from imaging.space import Plane
from sessions.errors import ForbiddenError, RejectedCommandError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import OpenBranch, RecordFrames, SaveVersion, ShareClipping, Undo
from sessions.plan.content import content_hash
from sessions.plan.records import BranchId, Plan, SharedClipping, VersionId
from sessions.plan.rules import decide
from sessions.plan.surroundings import Box, Clipping, SubjectFrame
from sessions.room import Room
from tests.sessions.conftest import Do
from tests.sessions.deciding import AT
from tests.sessions.scene import ANA, BEN, MIDDLE, pin

HALF = Clipping(planes=(MIDDLE,))
BOX = Clipping(box=Box(low=(-1.0, -2.0, -3.0), high=(1.0, 2.0, 3.0)))

A = SubjectFrame(
    subject="A",
    left=(1.0, 0.0, 0.0),
    posterior=(0.0, 1.0, 0.0),
    superior=(0.0, 0.0, 1.0),
    basis="position",
)
B = SubjectFrame(
    subject="B",
    left=(-1.0, 0.0, 0.0),
    posterior=(0.0, 1.0, 0.0),
    superior=(0.0, 0.0, -1.0),
    basis="landmarks",
)


async def test_clipping_is_shared_with_the_room_and_no_step(room: Room, do: Do) -> None:
    """F1."""
    await do(BEN, SaveVersion(version_id=VersionId("v1"), name="plan"))
    other = OpenBranch(branch_id=BranchId("b1"), name="other", version_id=VersionId("v1"))
    await do(BEN, other)
    await do(BEN, pin())
    await do(BEN, Undo())
    await do(BEN, SaveVersion(version_id=VersionId("v2"), name="plan"))
    before = content_hash(room.plan)
    await do(BEN, ShareClipping(clipping=HALF))
    for branch_id in room.state.lines:
        shared = room.view(branch_id)["clipping"]["shared"]
        assert (shared["member_id"], shared["member_name"]) == (BEN, "Ben")
        assert shared["planes"] == ({"origin": MIDDLE.origin, "normal": MIDDLE.normal},)
        assert shared["box"] is None
    assert room.activity(1)[0].summary == "shared a view inside"
    assert content_hash(room.plan) == before
    assert not room.plan.edited
    assert room.can_redo(BEN)
    await do(ANA, ShareClipping(clipping=BOX))
    assert room.plan.clipping == SharedClipping(clipping=BOX, member_id=ANA)
    await do(BEN, ShareClipping(clipping=None))
    assert room.view()["clipping"] == {}
    assert room.activity(1)[0].summary == "ended the shared view inside"


def far(z: float) -> Plane:
    return Plane((0.0, 0.0, z), (0.0, 0.0, 1.0))


CLIPPINGS = {
    "nothing": (Clipping(), "no plane and no box to share"),
    "seven planes": (Clipping(planes=(MIDDLE,) * 7), "7 clipping planes came, and 6 can be shown"),
    "a plane down the road": (Clipping(planes=(far(6000.0),)), "more than 5 m from the origin"),
    "a box without a middle": (
        Clipping(box=Box(low=(0.0, 0.0, 0.0), high=(1.0, -1.0, 1.0))),
        "the clipping box is empty",
    ),
    "a box that is no number": (
        Clipping(box=Box(low=(math.nan, 0.0, 0.0), high=(1.0, 1.0, 1.0))),
        "no finite number",
    ),
}


@pytest.mark.parametrize(("clipping", "reason"), CLIPPINGS.values(), ids=CLIPPINGS)
def test_clipping_that_nobody_can_see_by_is_refused(
    plan: Plan, clipping: Clipping, reason: str
) -> None:
    """F1."""
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, ShareClipping(clipping=clipping), by=ANA, at=AT)


def test_sharing_the_same_again_changes_nothing(plan: Plan) -> None:
    """F1; P13."""
    assert decide(plan, ShareClipping(clipping=None), by=ANA, at=AT) == ()
    (shared,) = decide(plan, ShareClipping(clipping=HALF), by=ANA, at=AT)
    assert shared.shared.member_id == ANA  # type: ignore[union-attr]


async def test_only_the_server_says_whose_left_is_where(room: Room, do: Do) -> None:
    """F2."""
    with pytest.raises(ForbiddenError):
        await do(ANA, RecordFrames(frames=(A, B)))
    await do(SYSTEM, RecordFrames(frames=(A, B)))
    shown = room.view()["frames"]
    assert shown["A"]["axes"] == ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    assert shown["B"] == {"axes": ((-1, 0, 0), (0, 1, 0), (0, 0, -1)), "basis": "landmarks"}
    revision = room.revision
    await do(SYSTEM, RecordFrames(frames=(A, B)))
    assert room.revision == revision
    assert room.activity(1)[0].summary == "noted whose left is where, of A and B"
    assert not room.plan.edited


MIRRORED = SubjectFrame(
    subject="B",
    left=(1.0, 0.0, 0.0),
    posterior=(0.0, 1.0, 0.0),
    superior=(0.0, 0.0, -1.0),
    basis="axes",
)
SKEWED = SubjectFrame(
    subject="B",
    left=(1.0, 0.0, 0.0),
    posterior=(0.6, 0.8, 0.0),
    superior=(0.0, 0.0, 1.0),
    basis="axes",
)


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ((A, MIRRORED), "the axes of twin B are mirrored: left and right change sides"),
        ((A, SKEWED), "the axes of twin B are not at right angles"),
        ((B, B), "a twin has one frame; two came"),
    ],
)
def test_frames_that_are_no_rotations_are_refused(
    plan: Plan, frames: tuple[SubjectFrame, ...], reason: str
) -> None:
    """F2."""
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, RecordFrames(frames=frames), by=SYSTEM, at=AT)
