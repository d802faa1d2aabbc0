"""Finds out what markups measure that no page can: in geometry workers; the system records it."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

import structlog

from sessions.errors import RejectedCommandError, SessionError
from sessions.plan.anatomy import applied_cuts, solid_of, transform_of
from sessions.plan.carrying import basis_of, leaves_of
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import RecordFindings
from sessions.plan.figures import awaited
from sessions.plan.findings import Basis, Findings
from sessions.plan.records import BranchId, Markup, MarkupId, OperationId, Plan, SolidId
from sessions.telling import Told
from workspace.errors import PlanningError
from workspace.imagery.shelf import VolumeShelf
from workspace.planning.finding import Order, PlacedSurface, find_out, sentence
from workspace.planning.pool import GeometryPool

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom
    from workspace.server.hosting import Hosting

log = structlog.get_logger()

APART: Final = "The points lie on different pieces; place them all on one piece."
GONE: Final = "What this was measured on is no longer there."


class FindingsDesk:
    """Follows rooms, and records what is awaited in any of their branches.

    Also what a server that was stopped had not come to: it is awaited still when the room opens.

    Parameters
    ----------
    pool : GeometryPool
        Where it is worked out.
    shelf : VolumeShelf
        The images.
    """

    def __init__(self, pool: GeometryPool, shelf: VolumeShelf) -> None:
        self._pool = pool
        self._shelf = shelf
        self._work: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def follow(self, hosted: "HostedRoom") -> None:
        """Look after a room from now on."""

        def hear(_: Told) -> None:
            self._look(hosted)

        hosted.room.subscribe(hear)
        self._look(hosted)

    async def close(self) -> None:
        """Find out no more; what is awaited is found out after the next start."""
        tasks = list(self._work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _look(self, hosted: "HostedRoom") -> None:
        """Begin where something is awaited; once more, if that goes on already."""
        room_id = hosted.room.room_id
        if room_id in self._work:
            self._again.add(room_id)
        elif _awaited(hosted):
            self._work[room_id] = asyncio.create_task(self._keep_finding(hosted))

    async def _keep_finding(self, hosted: "HostedRoom") -> None:
        room_id = hosted.room.room_id
        try:
            tried: set[tuple[BranchId, MarkupId, Basis]] = set()
            while waiting := [it for it in _awaited(hosted) if it not in tried]:
                self._again.discard(room_id)
                tried.add(waiting[0])
                await self._find(hosted, *waiting[0])
        except SessionError as error:  # of the room, which says so to its members itself
            log.warning("findings.not_recorded", error=type(error).__name__)
        finally:
            self._work.pop(room_id, None)
        if room_id in self._again and not hosted.room.is_closed:
            self._again.discard(room_id)
            self._look(hosted)

    async def _find(
        self, hosted: "HostedRoom", branch_id: BranchId, markup_id: MarkupId, basis: Basis
    ) -> None:
        plan = hosted.room.plan_of(branch_id)
        findings = await self._found(hosted, plan, plan.markups[markup_id], basis)
        try:
            await _record(hosted, branch_id, markup_id, findings)
        except RejectedCommandError as error:
            problem = Findings(basis=basis, problem=sentence(str(error)))
            await _record(hosted, branch_id, markup_id, problem)

    async def _found(
        self, hosted: "HostedRoom", plan: Plan, markup: Markup, basis: Basis
    ) -> Findings:
        try:
            order = await self._order(hosted, plan, markup, basis)
            return await self._pool.run(find_out, order)
        except PlanningError as error:
            return Findings(basis=basis, problem=sentence(str(error)))

    async def _order(self, hosted: "HostedRoom", plan: Plan, markup: Markup, basis: Basis) -> Order:
        blobs = str(hosted.blobs.folder)
        if markup.kind == "surface_path":
            if len(set(basis.solid_ids)) != 1:
                raise PlanningError(APART)
            sides = ((_placed(plan, SolidId(basis.solid_ids[0])),),)
            return Order(markup.kind, basis, blobs, sides)
        if markup.kind == "gap":
            applied = applied_cuts(plan)
            pieces = (leaves_of(it, applied) for it in markup.solid_ids)
            return Order(
                markup.kind,
                basis,
                blobs,
                tuple(tuple(_placed(plan, it) for it in side) for side in pieces),
            )
        volumes = await asyncio.to_thread(self._shelf.volumes, hosted.room.room_id)
        folder = str(volumes[0].opened.folder) if volumes else ""
        return Order(markup.kind, basis, blobs, volume=folder)


@contextlib.asynccontextmanager
async def finding_out(hosting: "Hosting") -> AsyncIterator[None]:
    """Look after every room of a server for the length of the block."""
    desk = FindingsDesk(hosting.pool, VolumeShelf(hosting.data))
    hosting.follow_rooms(desk.follow)
    try:
        yield
    finally:
        await desk.close()


def _awaited(hosted: "HostedRoom") -> list[tuple[BranchId, MarkupId, Basis]]:
    return [
        (branch_id, markup.markup_id, basis_of(line.plan, markup))
        for branch_id, line in hosted.room.state.lines.items()
        if line.plan.markups
        for markup in awaited(line.plan)
    ]


def _placed(plan: Plan, solid_id: SolidId) -> PlacedSurface:
    solid = solid_of(plan, solid_id)
    if solid is None:
        raise PlanningError(GONE)
    return PlacedSurface(solid.surface.sha256, transform_of(plan, solid_id))


async def _record(
    hosted: "HostedRoom", branch_id: BranchId, markup_id: MarkupId, findings: Findings
) -> None:
    operation_id = OperationId(secrets.token_urlsafe(12))
    command = RecordFindings(markup_id=markup_id, findings=findings)
    await hosted.room.submit(SYSTEM, operation_id, command, branch_id=branch_id)
