"""A markup on other solids: on what its solids were cut from, where they are gone."""

from collections.abc import Mapping

from msgspec.structs import replace

from sessions.plan.carrying import solids_in
from sessions.plan.records import Markup, SolidId


def repinned(markup: Markup, others: Mapping[SolidId, SolidId]) -> Markup:
    """Return a markup with each solid replaced by another, where there is another."""
    if not any(solid_id in others for solid_id in solids_in(markup)):
        return markup
    points = tuple(
        it if it.solid_id is None else replace(it, solid_id=others.get(it.solid_id, it.solid_id))
        for it in markup.points
    )
    solid_ids = tuple(others.get(it, it) for it in markup.solid_ids)
    return replace(markup, points=points, solid_ids=solid_ids)
