"""What happened in a room: its timeline, the plan as it was, what was said, what to take away."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

import msgspec
from aiohttp import web

from sessions.errors import RejectedCommandError
from sessions.members import Faculty, may
from sessions.plan.anatomy import member_name, surfaces_of
from sessions.plan.events import (
    BranchOpened,
    CutApplied,
    Entry,
    ImagingReceived,
    VersionApproved,
    VersionSaved,
)
from sessions.plan.records import MAIN, BranchId
from sessions.plan.versioning import label_of
from sessions.plan.view import view_of
from sessions.room import Room
from sessions.telling import Told
from workspace.audit.tables import csv_line
from workspace.server.access import Visitor, caller_of, require_visitor
from workspace.server.visible import sees_talk, visible_activity, visible_changes, visible_view

MAX_MOMENTS: Final = 5000
"""Of a timeline; who looks further back asks for an earlier one."""

MAX_STEPS: Final = 500

MARKS: Final[Mapping[type, str]] = {
    VersionSaved: "version",
    VersionApproved: "version",
    BranchOpened: "branch",
    ImagingReceived: "imaging",
    CutApplied: "cut",
}
"""What stands out on a timeline, by the kind of event."""

_encode: Final = msgspec.json.Encoder().encode


def add_history_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/timeline", send_timeline)
    route.add_get(member + "/at/{revision}", send_plan_as_it_was)
    route.add_get(member + "/steps", send_steps)
    route.add_get(member + "/search", search)
    route.add_get(member + "/history.{kind:csv|jsonl}", send_history)


async def send_timeline(request: web.Request) -> web.Response:
    """Send what happened, entry by entry, in plain words: the latest before ``before``."""
    visitor, room = await _who_sees_talk(request)
    before = _number(request, "before", room.revision + 1)
    count = min(_number(request, "count", MAX_MOMENTS), MAX_MOMENTS)
    after = max(min(before, room.revision + 1) - 1 - count, 0)
    moments = [
        {**msgspec.to_builtins(told.activity), **_mark(told.entry)}
        async for told in room.past.told(after, before - 1 - after)
    ]
    visitor.hosted.audit.looked_at(caller_of(request, visitor), "history", "timeline")
    return _json({"first": after + 1, "last": room.revision, "moments": moments})


async def send_plan_as_it_was(request: web.Request) -> web.Response:
    """Send a branch as it was after the entry of a revision."""
    visitor = await require_visitor(request)
    room = visitor.hosted.room
    try:
        revision = int(request.match_info["revision"])
        state = await room.past.at(revision)
        plan = state.line(_branch(request)).plan
    except (ValueError, RejectedCommandError) as error:
        raise web.HTTPNotFound(text="the room was never at such a revision") from error
    await visitor.hosted.audit.saw(caller_of(request, visitor), "past", revision=revision)
    visitor.hosted.show_surfaces(surfaces_of(plan))
    at = [it.at for it in await room.past.activities(revision + 1, 1)]
    talk = _sees_talk(visitor)
    view = visible_view(view_of(plan), talk=talk)
    return _json(
        {"revision": revision, "at": "".join(at), "branch_id": plan.branch_id, "view": view}
    )


async def send_steps(request: web.Request) -> web.Response:
    """Send what changed in a branch, entry by entry, after a revision."""
    visitor = await require_visitor(request)
    room, branch_id, talk = visitor.hosted.room, _branch(request), _sees_talk(visitor)
    after, count = _number(request, "after", 0), min(_number(request, "count", 100), MAX_STEPS)
    steps = []
    try:
        async for told in room.past.told(after, count):
            line = told.state.lines.get(branch_id)
            visitor.hosted.show_surfaces(set() if line is None else surfaces_of(line.plan))
            steps.append(
                {
                    "revision": told.entry.revision,
                    "at": told.entry.at,
                    "activity": visible_activity(told.activity, talk=talk),
                    "changes": ()
                    if line is None
                    else visible_changes(told.changes(branch_id), talk=talk),
                }
            )
    except RejectedCommandError as error:
        raise web.HTTPNotFound(text="the room was never at such a revision") from error
    visitor.hosted.audit.looked_at(caller_of(request, visitor), "history", "steps")
    return _json({"steps": steps})


async def search(request: web.Request) -> web.Response:
    """Send what members wrote that holds the words of ``q``, the latest first."""
    visitor, room = await _who_sees_talk(request)
    visitor.hosted.audit.looked_at(caller_of(request, visitor), "history", "search")
    before = _number(request, "before", 0) or None
    found = await room.search(request.query.get("q", ""), before)
    plan = room.plan
    return _json(
        {
            "found": [
                {**msgspec.to_builtins(it), "member_name": member_name(plan, it.member_id)}
                for it in found
            ]
        }
    )


async def send_history(request: web.Request) -> web.StreamResponse:
    """Send the whole history to be saved: for people as a table, for programs as JSON lines."""
    visitor, room = await _who_sees_talk(request)
    caller = caller_of(request, visitor)
    if not _may(visitor, "export"):
        visitor.hosted.audit.refused(caller, "export", "forbidden_export")
        raise web.HTTPForbidden(text="your role may not take the plan away; ask the room's owner")
    kind = request.match_info["kind"]
    await visitor.hosted.audit.exported(caller, f"history_{kind}")
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv" if kind == "csv" else "application/x-ndjson",
            "Content-Disposition": f'attachment; filename="{room.room_id}-history.{kind}"',
        }
    )
    await response.prepare(request)
    async for line in _csv(room) if kind == "csv" else _json_lines(room):
        await response.write(line)
    await response.write_eof()
    return response


async def _csv(room: Room) -> AsyncIterator[bytes]:
    yield csv_line(("revision", "at", "member", "branch", "what", "entry_hash"))
    async for told in room.past.told(0, room.revision):
        branch = told.state.plan.branches.get(told.activity.branch_id)
        yield csv_line(
            (
                str(told.entry.revision),
                told.entry.at,
                _who(told),
                branch.name if branch else MAIN,
                told.activity.summary,
                told.entry.hash,
            )
        )


async def _json_lines(room: Room) -> AsyncIterator[bytes]:
    async for told in room.past.told(0, room.revision):
        line = {"summary": told.activity.summary, "member": _who(told), "entry": told.entry}
        yield _encode(line) + b"\n"


def _who(told: Told) -> str:
    member_id = told.entry.member_id
    members = told.state.plan.members
    return member_name(told.state.plan, member_id) if member_id in members else "Commissure"


def _mark(entry: Entry) -> dict[str, str | None]:
    """Return what stands out in an entry, and its name."""
    for event in entry.events:
        mark = MARKS.get(type(event))
        if mark is not None:
            return {"mark": mark, "label": _label(event)}
    return {"mark": None, "label": ""}


def _label(event: object) -> str:
    match event:
        case VersionSaved(version=version):
            return label_of(version)
        case BranchOpened(branch=branch):
            return branch.name
        case CutApplied(fragments=(piece, *_)):
            return piece.name.removesuffix(" 1")
        case _:
            return ""


async def _who_sees_talk(request: web.Request) -> tuple[Visitor, Room]:
    """Return who asks, where their role sees what was said and done."""
    visitor = await require_visitor(request)
    if not _sees_talk(visitor):
        visitor.hosted.audit.refused(caller_of(request, visitor), "history", "forbidden_history")
        raise web.HTTPForbidden(text="your role does not see what happened; ask the room's owner")
    return visitor, visitor.hosted.room


def _sees_talk(visitor: Visitor) -> bool:
    return sees_talk(visitor.hosted.room.plan.members[visitor.member.member_id].role)


def _may(visitor: Visitor, faculty: Faculty) -> bool:
    return may(visitor.hosted.room.plan.members[visitor.member.member_id].role, faculty)


def _branch(request: web.Request) -> BranchId:
    return BranchId(request.query.get("branch", MAIN))


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 (below 2^31)
        raise web.HTTPBadRequest(text=f"{name} must be a whole number")
    return int(text)


def _json(document: object) -> web.Response:
    return web.Response(body=_encode(document), content_type="application/json")
