"""The tree of segments and fragments: seen or hidden, how opaque, for one member; how large."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.binders.anatomy_colours import MEANINGS
from workspace.panels.asking import choose
from workspace.panels.lists import empty, holders
from workspace.panels.naming import STATUS_ICONS, owners, statuses
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

SEEN: Final = "$panels.isSeen(solids, appearance, row.id)"
ALONE: Final = "$panels.isAlone(solids, appearance, row.id)"
SOLO: Final = "appearance = $panels.solo(solids, appearance, row.id)"
HIDDEN: Final = "$panels.hidden(solids, appearance).length"
HIDDEN_HERE: Final = "$panels.hidden(group.rows, appearance).length"
SWATCH: Final = "{ background: $panels.swatch(row, colour_mode === 'code', meanings) }"
INDENT: Final = "{ paddingLeft: 12 + 14 * row.depth + 'px' }"


class SegmentsTree(html.Div):
    """One row per solid; hidden ones stay in the list and say so."""

    def __init__(self) -> None:
        super().__init__(id="segments")
        with self:
            _bar()
            _legend()
            empty(
                "!solids.length",
                t("No anatomy yet. It appears here as soon as it has been segmented."),
            )
            with html.Div(v_for="group in $panels.treeOf(solids, tree_mode)", key="group.key"):
                _group()
                with html.Div(
                    v_for="row in group.rows",
                    key="row.id",
                    classes=(
                        "['cm-solid', { selected: selected_id === row.id, replaced: !row.leaf }]",
                    ),
                    style=(INDENT,),
                    data_solid=("row.id",),
                    data_record=("row.id",),
                ):
                    _first_line()
                    _second_line()


def owner_mark(row: str = "row") -> None:
    """Tell an owner by letter and outline, not by hue alone."""
    html.Span(
        "{{ $panels.markOf(" + row + ".owner) }}",
        classes=("'cm-owner ' + $panels.markOf(" + row + ".owner).replace('?', 'U')",),
        role="img",
        title=(word_for(owners(), row + ".owner"),),
        aria_label=(word_for(owners(), row + ".owner"),),
    )


def _bar() -> None:
    with html.Div(classes="cm-bar", v_if="solids.length"):
        with html.Select(
            v_model=("tree_mode",), classes="cm-select small", aria_label=t("Group the segments")
        ):
            html.Option(t("By owner"), value="owner")
            html.Option(t("By group"), value="group")
            html.Option(t("One list"), value="flat")
        with html.Select(
            v_model=("colour_mode",), classes="cm-select small", aria_label=t("Colours")
        ):
            html.Option(t("Own colours"), value="own")
            html.Option(t("By SNOMED code"), value="code")
        html.Span(classes="cm-sp")
        with html.Button(
            classes="cm-icon",
            title=t("Show all"),
            aria_label=t("Show all"),
            disabled=("!" + HIDDEN,),
            click="appearance = $panels.allShown(solids, appearance)",
            id="show-all",
        ):
            v3.VIcon("mdi-eye-outline", size=18)
        with html.Button(
            classes="cm-icon",
            title=t("Hide all"),
            aria_label=t("Hide all"),
            click="appearance = $panels.allHidden(solids, appearance)",
            id="hide-all",
        ):
            v3.VIcon("mdi-eye-off-outline", size=18)
    with html.Div(classes="cm-h", v_if="solids.length"):
        with html.Span():
            html.Span(t("Segments"))
            html.Span(
                shown(t("{n} hidden"), n=HIDDEN),
                v_if=HIDDEN,
                classes="cm-count",
                id="hidden-count",
                role="status",
            )
        html.Span("mL")


def _legend() -> None:
    names = {code: t(name) for code, name, _ in MEANINGS}
    with (
        html.Div(v_if="colour_mode === 'code'", classes="cm-legend", id="colour-legend"),
        html.Div(v_for="it in $panels.legend(solids, meanings)", key="it.code"),
    ):
        html.Span(classes="cm-sw", style=("{ background: it.colour }",))
        html.Span("{{ " + word_for(names, "it.code") + " }}", v_if="it.name")
        html.Span(shown(t("Code {code}, not in the table"), code="it.code"), v_else_if="it.code")
        html.Span(t("No code"), v_else=True)
        html.Span("{{ it.name ? it.code : '' }} · {{ it.count }}", classes="cm-mu")


def _group() -> None:
    with html.Div(v_if="group.heading", classes="cm-group", data_group=("group.key",)):
        with html.Span(v_if="tree_mode === 'owner'"):
            owner_mark("group.rows[0]")
        html.B("{{ group.heading }}", classes="cm-name")
        html.Span(shown(t("{n} hidden"), n=HIDDEN_HERE), v_if=HIDDEN_HERE, classes="cm-mu")
        html.Button(
            t("Only these"),
            classes="cm-btn small",
            aria_label=(telling(t("Show only {name}"), name="group.heading"),),
            click="appearance = $panels.only(solids, appearance, group.rows.map((r) => r.id))",
        )


def _first_line() -> None:
    with html.Div(classes="cm-solid-line"):
        with html.Button(
            classes="cm-icon eye",
            click="appearance = $panels.toggled(solids, appearance, row.id)",
            aria_label=(
                SEEN
                + " ? "
                + telling(t("Hide {name}"), name="row.name")
                + " : "
                + telling(t("Show {name}"), name="row.name"),
            ),
            title=t("Show or hide, for me"),
        ):
            v3.VIcon("mdi-eye-outline", v_if=SEEN, size=18)
            v3.VIcon("mdi-eye-off-outline", v_else=True, size=18)
        html.Span(classes="cm-sw", style=(SWATCH,))
        with html.Button(
            classes="cm-name",
            click=choose(),
            dblclick=SOLO,
            title=(telling(t("{name}: double-click shows it alone"), name="row.name"),),
        ):
            html.Span("{{ row.name }} ")
            html.Span(t("hidden"), v_if="!" + SEEN, classes="cm-after")
            html.Span(t("cut"), v_if="!row.leaf", classes="cm-after")
        owner_mark()
        html.Span("{{ row.volume }}", classes="cm-num")


def _second_line() -> None:
    with html.Div(classes="cm-solid-line cm-solid-more"):
        with html.Span(v_if="!row.fragment", classes=("'cm-status ' + row.status",)):
            v3.VIcon(icon=(word_for(STATUS_ICONS, "row.status"),), size=14)
            html.Span("{{ " + word_for(statuses(), "row.status") + " }}")
        html.Span("{{ row.moved || " + telling(t("in place")) + " }}", v_else=True, classes="cm-mu")
        holders()
        html.Span(classes="cm-sp")
        with html.Button(
            classes=("['cm-icon', { on: " + ALONE + " }]",),
            click=SOLO,
            aria_pressed=(ALONE,),
            aria_label=(telling(t("Show {name} alone"), name="row.name"),),
            title=t("Show it alone, or all again"),
        ):
            v3.VIcon("mdi-bullseye", size=16)
        html.Input(
            v_if="row.leaf",
            type="range",
            min="5",
            max="100",
            classes="cm-slider",
            value=("Math.round(100 * (appearance[row.id]?.opacity ?? row.opacity))",),
            input="appearance = $panels.faded(appearance, row.id, $event.target.value)",
            aria_label=(telling(t("Opacity of {name}, for me"), name="row.name"),),
            title=t("Opacity, for me"),
        )
        html.Span(v_else=True, classes="cm-slider")
