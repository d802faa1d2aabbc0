"""What members ask for, over and over, without the plan growing for ever."""

from collections import deque
from typing import Final, Literal

from benchmarks.room_members import RoomMember, text_of
from benchmarks.traffic import Offer
from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.commands import (
    AdjustCut,
    MemberCommand,
    MoveFragment,
    PinNote,
    PlaceCut,
    RemoveCut,
    RemoveNote,
)
from sessions.plan.records import Anchor, CutId, FragmentId, NoteId, OperationId, SolidId
from sessions.protocol import Submit, Welcome

NOTES_OF_ALL: Final = 100
"""Together the members keep so many: more than the plan of an operation holds."""


class Hands:
    """One member who moves a fragment, pins notes to it and adjusts a plane of their own.

    Parameters
    ----------
    member : RoomMember
        In a room with two fragments.
    number : int
        Tells members apart: no two ask for the same place.
    members : int
        How many there are.
    """

    def __init__(self, member: RoomMember, number: int, members: int) -> None:
        self.member = member
        self.cut_id = CutId(f"cut-{member.member_id}")
        self._number = number
        self._notes_kept = NOTES_OF_ALL // members
        self._fragment = FragmentId(list(member.welcome.view["fragments"])[number % 2])
        self._notes: deque[NoteId] = deque()

    async def begin(self) -> None:
        """Place the plane."""
        target_id = SolidId(self._fragment)
        plane = self._plane(0)
        await self.member.ask(PlaceCut(cut_id=self.cut_id, target_id=target_id, plane=plane))

    async def tidy(self) -> None:
        """Take the plane and the notes away."""
        await self.member.ask(RemoveCut(cut_id=self.cut_id))
        while self._notes:
            await self.member.ask(RemoveNote(note_id=self._notes.popleft()))

    def offer(self, turn: int) -> Offer:
        """Return the next command, none of which leaves the plan as it was."""
        operation_id = OperationId(f"{self.member.member_id}-{turn}")
        submit = Submit(operation_id=operation_id, command=self._command(turn))
        return Offer(operation_id, text_of(submit))

    def _command(self, turn: int) -> MemberCommand:
        match turn % 4:
            case 1:
                return self._pin(turn)
            case 2:
                return AdjustCut(cut_id=self.cut_id, plane=self._plane(turn))
            case 3 if len(self._notes) > self._notes_kept:
                return RemoveNote(note_id=self._notes.popleft())
            case _:
                angle_deg = (turn + 1) / 10 + self._number / 1000
                moved = RigidTransform.about_axis((0, 0, 1), angle_deg)
                return MoveFragment(fragment_id=self._fragment, transform=moved)

    def _pin(self, turn: int) -> PinNote:
        self._notes.append(NoteId(f"{self.member.member_id}-{turn}"))
        anchor = Anchor(solid_id=SolidId(self._fragment), point_mm=self._plane(turn).origin)
        return PinNote(note_id=self._notes[-1], anchor=anchor, text=f"Keep this vein ({turn})")

    def _plane(self, turn: int) -> Plane:
        return plane_through(self.member.welcome, "fragments", self._fragment, turn)


def plane_through(
    welcome: Welcome, kind: Literal["segments", "fragments"], solid_id: str, turn: int
) -> Plane:
    """Return a level plane through the middle of a solid, another one each turn."""
    x0, x1, y0, y1, z0, z1 = welcome.view[kind][solid_id]["surface"]["bounds_mm"]
    centre: Vector = ((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2 + turn / 100)
    return Plane(centre, (0.0, 0.0, 1.0))
