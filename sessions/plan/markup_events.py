"""What happened to markups; never edited either, see `sessions.plan.events`."""

import msgspec

from imaging.space import Plane
from sessions.plan.event import Event
from sessions.plan.findings import Findings
from sessions.plan.records import ControlPoint, Markup, MarkupId


class MarkupPlaced(Event, frozen=True, tag="markup_placed"):
    """Something was drawn or measured."""

    markup: Markup


class Outline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a markup is drawn through, and on which slice."""

    points: tuple[ControlPoint, ...]
    plane: Plane | None


class MarkupReshaped(Event, frozen=True, tag="markup_reshaped"):
    """A markup was drawn through other points; what was computed of it is void."""

    markup_id: MarkupId
    before: Outline
    after: Outline


class MarkupReworded(Event, frozen=True, tag="markup_reworded"):
    """A markup got another text."""

    markup_id: MarkupId
    before: str
    after: str


class MarkupRemoved(Event, frozen=True, tag="markup_removed"):
    """A markup was taken away."""

    markup: Markup


class FindingsRecorded(Event, frozen=True, tag="findings_recorded"):
    """The server computed something of a markup: no edit, and never taken back."""

    markup_id: MarkupId
    findings: Findings
