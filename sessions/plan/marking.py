"""Rules for markups: what is drawn and measured, and what the server found out about it."""

from typing import Final

from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.carrying import basis_of
from sessions.plan.commands import EditMarkup, PlaceMarkup, RecordFindings, RemoveMarkup
from sessions.plan.events import PlanEvent
from sessions.plan.figures import is_awaited
from sessions.plan.findings import Findings
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
    Outline,
)
from sessions.plan.naming import next_markup_name
from sessions.plan.outlines import require_drawable
from sessions.plan.records import Markup, MemberId, Plan
from sessions.plan.requirements import (
    MAX_NOTE_CHARACTERS,
    require_id,
    require_numbers,
    require_own,
    require_text,
)

MAX_MARKUPS: Final = 1000
"""On a branch; a page that drew more would stand still."""

MAX_CONTROL_POINTS: Final = 16_000
"""Of all markups of a branch: with what is shown of each they take 2.6 MB, and a page whose line
has 4 MB waiting is dropped."""

MAX_PATH_POINTS: Final = 1024
"""A way along a surface crosses a triangle each half millimetre; it is thinned to this."""


def place_markup(plan: Plan, command: PlaceMarkup, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a new markup."""
    require_id(command.markup_id, "markup")
    known = plan.markups.get(command.markup_id)
    markup = Markup(
        markup_id=command.markup_id,
        kind=command.kind,
        name=next_markup_name(plan, command.kind) if known is None else known.name,
        points=command.points,
        text=command.text,
        plane=command.plane,
        solid_ids=command.solid_ids,
        author_id=by,
        created_at=at,
    )
    if known is None:
        _require_room(plan, markup)
        _require_text(markup)
        require_drawable(plan, markup)
        return (MarkupPlaced(markup=markup),)
    if _asked(known) == _asked(markup):
        return ()
    raise RejectedCommandError("a markup of that id exists already; use another id")


def edit_markup(plan: Plan, command: EditMarkup, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on other points or another text: an event each, for they are undone by themselves."""
    known = plan.markups.get(command.markup_id)
    if known is None:
        raise RejectedCommandError("there is no such markup on this branch; draw it again")
    require_own(plan, known.author_id, by, "markup")
    return (*_reshaped(plan, known, command), *_reworded(known, command))


def remove_markup(plan: Plan, command: RemoveMarkup, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on taking a markup away."""
    markup = plan.markups.get(command.markup_id)
    if markup is None:
        return ()
    require_own(plan, markup.author_id, by, "markup")
    return (MarkupRemoved(markup=markup),)


def record_findings(plan: Plan, command: RecordFindings) -> tuple[PlanEvent, ...]:
    """Decide on what was computed; of a markup that has changed meanwhile it is void."""
    markup = plan.markups.get(command.markup_id)
    if markup is None or command.findings == markup.findings:
        return ()
    if not is_awaited(markup) or basis_of(plan, markup) != command.findings.basis:
        return ()
    require_findings(command.findings)
    return (FindingsRecorded(markup_id=markup.markup_id, findings=command.findings),)


def require_findings(findings: Findings) -> None:
    """Refuse findings that no markup can have.

    Raises
    ------
    RejectedCommandError
        A number is none, the way has too many points, or the problem is no sentence.
    """
    numbers = (
        *(findings.length_mm, findings.area_mm2, findings.volume_ml),
        *(findings.mean, findings.sd, findings.minimum, findings.maximum),
    )
    require_numbers(tuple(it for it in numbers if it is not None), "findings")
    require_numbers(tuple(it for point in findings.path_mm for it in point), "way of the findings")
    if len(findings.path_mm) > MAX_PATH_POINTS:
        raise RejectedCommandError(f"the way of the findings has over {MAX_PATH_POINTS} points")
    if len(findings.problem) > MAX_NOTE_CHARACTERS:
        raise RejectedCommandError("the problem of the findings is no sentence")


def points_in(plan: Plan) -> int:
    """Return how many control points all markups of a branch have."""
    return sum(len(it.points) for it in plan.markups.values())


def _reshaped(plan: Plan, known: Markup, command: EditMarkup) -> tuple[PlanEvent, ...]:
    if command.points is None:
        if command.plane is not None and command.plane != known.plane:
            raise RejectedCommandError("a markup gets another slice with other points only")
        return ()
    plane = known.plane if command.plane is None else command.plane
    after = Outline(points=command.points, plane=plane)
    before = Outline(points=known.points, plane=known.plane)
    if before == after:
        return ()
    markup = replace(known, points=after.points, plane=after.plane)
    if len(markup.points) > len(known.points):
        _require_room(plan, markup)
    require_drawable(plan, markup)
    return (MarkupReshaped(markup_id=known.markup_id, before=before, after=after),)


def _reworded(known: Markup, command: EditMarkup) -> tuple[PlanEvent, ...]:
    if command.text is None or command.text == known.text:
        return ()
    _require_text(replace(known, text=command.text))
    return (MarkupReworded(markup_id=known.markup_id, before=known.text, after=command.text),)


def _require_text(markup: Markup) -> None:
    """Refuse a text that is none; only where a text is the point of it must there be one."""
    if markup.text or markup.kind == "text":
        require_text(markup.text, "text", MAX_NOTE_CHARACTERS, allowed_controls="\n")


def _require_room(plan: Plan, markup: Markup) -> None:
    """Refuse one more where there are too many, or too many points in all."""
    if len(plan.markups) - (markup.markup_id in plan.markups) >= MAX_MARKUPS:
        raise RejectedCommandError(f"the plan holds {MAX_MARKUPS} markups; remove some first")
    before = len(plan.markups[markup.markup_id].points) if markup.markup_id in plan.markups else 0
    if points_in(plan) - before + len(markup.points) > MAX_CONTROL_POINTS:
        raise RejectedCommandError(
            f"the markups of the plan would have over {MAX_CONTROL_POINTS} points in all; "
            "remove some drawings first"
        )


def _asked(markup: Markup) -> tuple[object, ...]:
    """Return what a repeat of placing a markup has in common with it."""
    drawn = (markup.kind, markup.points, markup.plane, markup.solid_ids)
    return (*drawn, markup.text, markup.author_id)
