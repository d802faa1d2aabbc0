"""What others see of a member is possible."""

import pytest

from imaging.space import RigidTransform
from sessions.plan.records import CutId, FragmentId, MemberId, Plan, RecordRef, SolidId
from sessions.plan.surroundings import Box, Clipping
from sessions.plausible import plausible
from sessions.protocol import Camera, Cursor, DraggedFragment, DraggedPlane, Panes, Presence
from sessions.room import Room
from tests.sessions.scene import ANA, BEN, MIDDLE, OLE, furnish

CAMERA = Camera(position=(0, 0, 300), focal_point=(0, 0, 0), view_up=(0, 1, 0))
FAR = Camera(position=(0, 0, 1e300), focal_point=(0, 0, 0), view_up=(0, 1, 0))

IMPOSSIBLE = {
    "a cursor on nothing": Presence(cursor=Cursor(solid_id=SolidId("no"), point_mm=(0, 0, 0))),
    "a camera on the moon": Presence(camera=FAR),
    "a fragment that is not there": Presence(
        dragging=DraggedFragment(fragment_id=FragmentId("no"), transform=RigidTransform())
    ),
    "a plane that is not there": Presence(dragging=DraggedPlane(cut_id=CutId("no"), plane=MIDDLE)),
    "a record that is not there": Presence(selection=RecordRef(kind="note", record_id="no")),
    "an edit of nothing": Presence(editing=RecordRef(kind="note", record_id="no")),
    "a stranger's view": Presence(following=MemberId("nobody")),
    "their own view": Presence(following=ANA),
    "an answer before the question": Presence(lag_ms=-1.0),
    "a crosshair at infinity": Presence(crosshair=(0, 0, float("inf"))),
    "seven planes": Presence(clipping=Clipping(planes=(MIDDLE,) * 7)),
    "a box at infinity": Presence(
        clipping=Clipping(box=Box(low=(0, 0, 0), high=(1, 1, float("inf"))))
    ),
    "a tool with a space": Presence(tool="a b"),
    "a layout of a page's length": Presence(panes=Panes(layout="x" * 33)),
    "a pane that is markup": Presence(panes=Panes(layout="four-up", maximised="<b>")),
    "a cursor in a pane that is markup": Presence(cursor=Cursor(point_mm=(0, 0, 0), pane="<b>")),
}


@pytest.fixture
async def plan(room: Room) -> Plan:
    return (await furnish(room)).plan


@pytest.mark.parametrize("presence", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_left_out(plan: Plan, presence: Presence) -> None:
    """S4."""
    assert plausible(presence, plan, ANA) == Presence()


def test_what_can_be_is_shown(plan: Plan) -> None:
    """S4."""
    presence = Presence(
        cursor=Cursor(solid_id=SolidId(next(iter(plan.segments))), point_mm=(1, 2, 3)),
        camera=CAMERA,
        crosshair=(1.0, 2.0, 3.0),
        panes=Panes(layout="four-up", maximised="axial"),
        clipping=Clipping(planes=(MIDDLE,) * 6, box=Box(low=(0, 0, 0), high=(1, 1, 1))),
        tool="roi_ellipse",
        following=BEN,
        lag_ms=12.5,
        idle=True,
    )
    assert plausible(presence, plan, ANA) == presence


def test_a_cursor_may_be_at_a_place_in_the_images(plan: Plan) -> None:
    """S4."""
    presence = Presence(cursor=Cursor(point_mm=(0, 0, 900), pane="axial"))
    assert plausible(presence, plan, ANA) == presence


def test_who_may_not_move_things_cannot_seem_to(plan: Plan) -> None:
    """S4."""
    dragging = DraggedPlane(cut_id=CutId("no"), plane=MIDDLE)
    assert plausible(Presence(dragging=dragging), plan, OLE).dragging is None
