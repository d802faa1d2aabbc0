"""Cutting: geometry first, in another process; then the room decides with its result in hand."""

from collections.abc import Callable

import msgspec

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.commands import ApplyCut, RecordCut
from sessions.plan.records import MAIN, BranchId, MemberId, OperationId
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
        self,
        member_id: MemberId,
        operation_id: OperationId,
        command: ApplyCut,
        branch_id: BranchId = MAIN,
    ) -> Receipt:
        """Cut along a placed plane of a branch.

        Others may change the plan while the pieces are computed; `RecordCut` names the plane, and
        the room refuses it if that is no longer the one on the screen.

        Raises
        ------
        RejectedCommandError
            A rule refuses, or the member's role.
        PlanningError
            The plane misses, or the geometry could not be computed.
        """
        known = await self._room.receipt_of(member_id, operation_id)
        if known is not None:
            return known
        self._room.check(member_id, command, branch_id)
        plan = self._room.plan_of(branch_id)
        cut = plan.cuts[command.cut_id]
        solid = solid_of(plan, cut.target_id)
        if solid is None:
            raise RejectedCommandError("what this plane was placed on is no longer there")
        job, label = f"cut-{branch_id}-{cut.cut_id}", f"Cutting {solid.name}"
        self._progress(job, label, 0, 1)
        try:
            positive, negative = await self._pool.cut(self._blobs, solid.surface.sha256, cut.plane)
        finally:
            self._progress(job, label, 1, 1)
        # A piece is as far from the grey values as the surface that it was cut from.
        errors = {
            "error_p95_mm": solid.surface.error_p95_mm,
            "error_max_mm": solid.surface.error_max_mm,
        }
        record = RecordCut(
            cut_id=cut.cut_id,
            plane=cut.plane,
            positive=msgspec.structs.replace(positive, **errors),
            negative=msgspec.structs.replace(negative, **errors),
        )
        return await self._room.record(member_id, operation_id, record, branch_id=branch_id)
