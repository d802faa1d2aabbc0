"""The list of segments and fragments: seen or hidden, how opaque, for one member; how large."""

from trame.widgets import html
from trame.widgets import vuetify3 as v3

VISIBLE = "(appearance[row.id]?.visible ?? row.leaf)"
TOGGLE = (
    "appearance = { ...appearance, [row.id]: { ...appearance[row.id], visible: !" + VISIBLE + " } }"
)
FADE = (
    "appearance = { ...appearance, [row.id]: "
    "{ ...appearance[row.id], opacity: Number($event.target.value) / 100 } }"
)
SOLO = (
    "appearance = Object.fromEntries(solids.map((s) => "
    "[s.id, { ...appearance[s.id], visible: s.id === row.id }]))"
)
SHOW_ALL = (
    "appearance = Object.fromEntries(solids.map((s) => "
    "[s.id, { ...appearance[s.id], visible: s.leaf }]))"
)
INDENT = "{ paddingLeft: 12 + 14 * row.depth + 'px' }"


class SolidsList(html.Div):
    """One row per solid; hidden ones stay in the list and say so."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            with html.Div(classes="cm-h"):
                html.Span("Segments")
                html.Span("mL")
            html.Div(
                "No anatomy yet. It appears here as soon as it has been segmented.",
                v_if="!solids.length",
                classes="cm-empty",
            )
            with html.Div(
                v_for="row in solids",
                key="row.id",
                classes=("['cm-row', { selected: selected_id === row.id, replaced: !row.leaf }]",),
                style=(INDENT,),
                data_solid=("row.id",),
            ):
                _row()
            html.Button(
                "Show all",
                v_if="solids.some((row) => row.leaf && !" + VISIBLE + ")",
                classes="cm-btn small",
                style="margin: 8px 12px",
                click=SHOW_ALL,
                id="show-all",
            )


def _row() -> None:
    with html.Button(
        v_if="row.leaf",
        classes="cm-icon eye",
        click=TOGGLE,
        aria_label=("(" + VISIBLE + " ? 'Hide ' : 'Show ') + row.name",),
        title=(VISIBLE + " ? 'Hide, for me' : 'Show, for me'",),
    ):
        v3.VIcon("mdi-eye-outline", v_if=VISIBLE, size=18)
        v3.VIcon("mdi-eye-off-outline", v_else=True, size=18)
    v3.VIcon(
        "mdi-content-cut",
        v_else=True,
        size=16,
        title="Replaced by its fragments",
        classes="cm-mu",
    )
    html.Span(classes="cm-sw", style=("{ background: row.colour }",))
    with html.Button(
        classes="cm-name",
        click="selected_id = selected_id === row.id ? null : row.id",
        dblclick=SOLO,
        title=("row.name + ' · double-click shows it alone'",),
    ):
        html.Span("{{ row.name }} ")
        html.Span("hidden", v_if="row.leaf && !" + VISIBLE, classes="cm-after")
        html.Span("cut", v_if="!row.leaf", classes="cm-after")
    html.Span("{{ row.owner }}", v_if="row.owner", classes=("'cm-owner ' + row.owner",))
    html.Input(
        v_if="row.leaf",
        type="range",
        min="5",
        max="100",
        classes="cm-slider",
        value=("Math.round(100 * (appearance[row.id]?.opacity ?? row.opacity))",),
        input=FADE,
        aria_label=("'Opacity of ' + row.name",),
        title="Opacity, for me",
    )
    html.Span("{{ row.volume }}", classes="cm-num")
