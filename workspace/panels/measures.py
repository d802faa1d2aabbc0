"""What was measured and marked, by kind; and how large every segment is."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import may, may_change, submit
from workspace.panels.forms import Field, field
from workspace.panels.lists import FIND, empty, heading, holders, lock_button, remove
from workspace.panels.naming import figures
from workspace.panels.saying import telling, word_for
from workspace.panels.segment_inspector import Inspector, fact, renaming, title
from workspace.panels.words import t

MINE: Final = "(me.owner || row.author_id === me.id)"
REMOVE: Final = (
    "row.kind === 'markup' ? { type: 'remove_markup', markup_id: row.id } "
    ": { type: 'remove_measurement', measurement_id: row.id }"
)
MAY_REMOVE: Final = MINE + " && " + may_change("remove_measurement")
HAS_WORDS: Final = "row.kind === 'markup' && (['text', 'arrow'].includes(row.form) || row.text)"
"""As the menu of a markup has it: `hasWords` in ``menu.ts``."""
MAY_REWORD: Final = HAS_WORDS + " && " + MINE + " && " + may_change("edit_markup")
REWORD: Final = submit(
    "{ type: 'edit_markup', markup_id: row.id, text: $event.target.value.trim() }"
)


class MeasuresList(html.Div):
    """Measurements and markups; a click selects one and brings it to the middle."""

    def __init__(self) -> None:
        super().__init__(id="measures")
        with self:
            with html.Div(classes="cm-h", v_if="!measures.length"):
                html.Span(t("Measurements"))
            empty(
                "!measures.length",
                t("Nothing measured yet. Choose a measuring tool, then click on the anatomy."),
            )
            with html.Div(v_for="group in $panels.measuresByForm(measures)", key="group.key"):
                with html.Div(classes="cm-h"):
                    html.Span("{{ group.heading }}")
                    html.Span("{{ group.rows.length }}")
                with html.Div(
                    v_for="row in group.rows",
                    key="row.id",
                    classes=("['cm-measure', { selected: selected_id === row.id }]",),
                    data_measure=("row.id",),
                    data_record=("row.id",),
                ):
                    _row()
            html.A(
                t("Download as a table (.csv)"),
                v_if="measures.length && " + may("export"),
                classes="cm-btn small cm-below",
                href=("base + 'measurements.csv?branch=' + encodeURIComponent(branch_id)",),
                id="measurements-csv",
            )
            _volumes()


class MeasureInspector(Inspector):
    """The measurement or markup that is selected."""

    def __init__(self) -> None:
        super().__init__("measures")
        with self:
            title("row.colour")
            renaming()
            with html.Div(v_if=MAY_REWORD):
                field(Field(t("Text"), "row.text", REWORD))
            with html.Div(v_else=True):
                fact(t("Text"), "row.text")
            with html.Div(v_for="it in row.values", key="it.name", classes="cm-kv"):
                html.Span("{{ " + word_for(figures(), "it.name") + " }}", classes="cm-mu")
                html.B("{{ it.text }}")
            _state()
            fact(t("Made by"), "row.author")
            lock_button()
            html.Button(t("Remove"), v_if=MAY_REMOVE, classes="cm-btn small", click=submit(REMOVE))


def _row() -> None:
    with html.Div(classes="cm-solid-line"):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        html.Button(
            "{{ row.name }}",
            classes="cm-name",
            click=FIND,
            title=(telling(t("Select {name} and show where it is"), name="row.name"),),
        )
        holders()
        html.Span("{{ row.values[0]?.text }}", v_if="row.values.length", classes="cm-num")
        remove(MAY_REMOVE, REMOVE)
    with html.Div(
        v_if="row.text || row.values.length > 1 || row.pending || row.problem",
        classes="cm-measure-more",
    ):
        html.Span("{{ row.text }}", v_if="row.text", classes="cm-line")
        html.Span(
            "{{ " + word_for(figures(), "it.name") + " }} {{ it.text }}",
            v_for="it in row.values.slice(1)",
            key="it.name",
        )
        _state()


def _state() -> None:
    with html.Span(v_if="row.pending", classes="cm-mu", role="status"):
        v3.VIcon("mdi-progress-clock", size=14)
        html.Span(t("being computed"))
    with html.Span(v_if="row.problem", classes="cm-bad", role="alert"):
        v3.VIcon("mdi-alert-outline", size=14)
        html.Span("{{ row.problem }}")


def _volumes() -> None:
    heading(t("Volumes"))
    empty("!solids.length", t("No segment yet, so there is no volume."))
    with html.Table(v_if="solids.length", classes="cm-table", id="volumes"):
        with html.Thead(), html.Tr():
            html.Th(t("Segment"))
            html.Th("mL")
            html.Th(t("Area"))
        with html.Tbody(), html.Tr(v_for="row in solids.filter((s) => s.leaf)", key="row.id"):
            with html.Td():
                html.Span(classes="cm-sw", style=("{ background: row.colour }",))
                html.Span("{{ row.name }}")
            html.Td("{{ row.volume }}")
            html.Td("{{ row.area }}")
