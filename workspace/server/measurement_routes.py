"""What was measured, to be taken away."""

from aiohttp import web

from sessions.errors import RejectedCommandError
from sessions.plan.records import MAIN, BranchId
from workspace.export.measurements import measurement_lines
from workspace.server.access import caller_of, require_visitor
from workspace.server.downloads import require_may_export


def add_measurement_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/measurements.csv", send_measurements)


async def send_measurements(request: web.Request) -> web.Response:
    """Send every value that a branch shows, as a table to be saved."""
    visitor = await require_visitor(request)
    room = visitor.hosted.room
    require_may_export(request, visitor)
    branch_id = BranchId(request.query.get("branch", MAIN))
    try:
        plan = room.plan_of(branch_id)
    except RejectedCommandError as error:
        raise web.HTTPNotFound from error
    lines = b"".join(measurement_lines(room.view(branch_id), plan.source))
    await visitor.hosted.audit.exported(caller_of(request, visitor), "measurements_csv")
    name = f"{room.room_id}-measurements.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=lines, content_type="text/csv", charset="utf-8", headers=headers)
