"""Cutting: geometry first, in another process; then the room decides with its result in hand."""

from collections.abc import Callable

from sessions.errors import RejectedCommandError
from sessions.plan.commands import ApplyCut, RecordCut
from sessions.plan.records import Fragment, MemberId, OperationId, Plan, Segment
from sessions.receipts import Receipt
from sessions.room import Room
from workspace.blobs import BlobStore
from workspace.planning.pool import GeometryPool

TellProgress = Callable[[str, str, int, int], None]


class CuttingDesk:
    """Turns `ApplyCut` into `RecordCut`."""

    def __init__(
        self, room: Room, blobs: BlobStore, pool: GeometryPool, progress: TellProgress
    ) -> None:
        self._room = room
        self._blobs = blobs
        self._pool = pool
        self._progress = progress

    async def cut(
        self, member_id: MemberId, operation_id: OperationId, command: ApplyCut
    ) -> Receipt:
        """Cut along a placed plane.

        Others may change the plan while the pieces are computed; `RecordCut` names the plane, and
        the room refuses it if that is no longer the one on the screen.
        """
        known = self._room.receipt_of(member_id, operation_id)
        if known is not None:
            return known
        self._room.check(member_id, command)
        plan = self._room.plan
        cut = plan.cuts[command.cut_id]
        solid = _solid(plan, cut.target_id)
        self._progress(f"cut-{cut.cut_id}", f"Cutting {solid.name}", 0, 1)
        try:
            positive, negative = await self._pool.cut(self._blobs, solid.surface.sha256, cut.plane)
        finally:
            self._progress(f"cut-{cut.cut_id}", f"Cutting {solid.name}", 1, 1)
        record = RecordCut(
            cut_id=cut.cut_id, plane=cut.plane, positive=positive, negative=negative
        )
        return await self._room.record(member_id, operation_id, record)


def _solid(plan: Plan, solid_id: str) -> Segment | Fragment:
    for solids in (plan.segments, plan.fragments):
        if solid_id in solids:
            return solids[solid_id]  # type: ignore[index]
    raise RejectedCommandError("what this plane was placed on is no longer there")
