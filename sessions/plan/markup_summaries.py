"""What was drawn, measured and computed, in plain words."""

from sessions.plan.anatomy import solid_of
from sessions.plan.figures import Figure, measured
from sessions.plan.findings import Findings
from sessions.plan.records import Markup, MarkupId, Plan, SolidId


def drawing_of(plan: Plan, markup: Markup) -> str:
    """Return what placing a markup did, for example "measured 45.2 mm"."""
    figures = measured(plan, markup).figures
    match markup.kind:
        case "line" | "angle":
            return f"measured {said(figures[0])}"
        case "surface_path":
            return f"measured along the surface: {markup.name}"
        case "gap":
            one, other = (_name(plan, it) for it in markup.solid_ids)
            return f"measured the gap between {one} and {other}"
        case "point":
            return f"marked {markup.name}"
        case "text":
            return f"wrote {markup.name}"
        case _:
            return f"drew {markup.name}"


def findings_of(plan: Plan, markup_id: MarkupId, findings: Findings) -> str:
    """Return what was computed of a markup."""
    markup = plan.markups.get(markup_id)
    name = "a markup" if markup is None else markup.name
    if findings.problem:
        return f"could not compute {name}"
    if findings.length_mm is not None:
        return f"computed {name}: {findings.length_mm:.1f} mm"
    if findings.mean is not None:
        return f"computed {name}: mean {findings.mean:.1f} {findings.unit}".rstrip()
    return f"computed {name}"


def said(figure: Figure) -> str:
    """Return a measured value as people say it."""
    if figure.unit == "deg":
        return f"{figure.value:.1f}\N{DEGREE SIGN}"
    return f"{figure.value:.1f} {figure.unit}".rstrip()


def _name(plan: Plan, solid_id: SolidId) -> str:
    solid = solid_of(plan, solid_id)
    return "a solid" if solid is None else solid.name
