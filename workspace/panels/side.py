"""The panel on the right: one content per step."""

from trame.widgets import html

from workspace.panels.people import PeoplePanel
from workspace.panels.solids import SolidsList
from workspace.panels.talk import TalkPanel
from workspace.panels.versions import VersionsPanel

SUBMIT = "command = { n: command.n + 1, name: 'submit', command: "
MINE = "(me.owner || row.author_id === me.id)"


class SidePanel(html.Div):
    """Lists and inspectors; knows names of state only."""

    def __init__(self) -> None:
        super().__init__(classes="cm-side", role="complementary")
        with self, html.Div(classes="cm-scroll"):
            html.Div(
                "You look at the past; the lists here show the plan as it is now.",
                v_if="past",
                classes="cm-card cm-warn",
                style="margin-top: 10px",
                role="status",
            )
            with html.Div(v_if="panel === 'case'"):
                _case()
            with html.Div(v_if="panel === 'segment'"):
                _provenance()
            with html.Div(v_if="panel === 'model'"):
                _surfaces()
            with html.Div(v_if="panel === 'plan'"):
                SolidsList()
                _cuts()
                _measurements()
                _notes()
            with html.Div(v_if="panel === 'rehearse'"):
                _fragments()
                _activity()
            with html.Div(v_if="panel === 'archive'"):
                _archive()
            with html.Div(v_if="panel === 'talk'"):
                TalkPanel()
            with html.Div(v_if="panel === 'versions'"):
                VersionsPanel()


def _heading(text: str) -> None:
    with html.Div(classes="cm-h"):
        html.Span(text)


def _empty(condition: str, text: str) -> None:
    html.Div(text, v_if=condition, classes="cm-empty")


def _case() -> None:
    _heading("Case")
    with html.Div(classes="cm-card"):
        with html.Div(v_for="fact in casefile.facts", key="fact.label", classes="cm-kv"):
            html.Span("{{ fact.label }}", classes="cm-mu")
            html.B("{{ fact.value }}")
        html.Span("Nothing has been imported yet.", v_if="!casefile.facts.length", classes="cm-mu")
    with html.Div(v_for="text in casefile.warnings", key="text", classes="cm-card cm-warn"):
        html.Span("{{ text }}")
    PeoplePanel()


def _provenance() -> None:
    _heading("How each segment was made")
    _empty("!solids.length", "No segment yet.")
    with html.Div(
        v_for="row in solids.filter((s) => !s.fragment)", key="row.id", classes="cm-card"
    ):
        with html.Div(classes="cm-kv"):
            with html.Span():
                html.Span(
                    classes="cm-sw",
                    style=(
                        "{ background: row.colour, display: 'inline-block', marginRight: '7px' }",
                    ),
                )
                html.B("{{ row.name }}")
            html.B("{{ row.volume }} mL")
        html.Div("{{ row.made }}", classes="cm-mu")
        html.Div("{{ row.made_by }}", classes="cm-mu")


def _surfaces() -> None:
    _heading("Surfaces")
    _empty("!solids.length", "No surface yet.")
    with html.Div(v_for="row in solids.filter((s) => s.leaf)", key="row.id", classes="cm-card"):
        with html.Div(classes="cm-kv"):
            html.B("{{ row.name }}")
            html.B("{{ row.volume }} mL")
        for label, value in (
            ("Area", "{{ row.area }}"),
            ("Triangles", "{{ row.triangles }}"),
            ("Pieces", "{{ row.parts }}"),
            ("Moved by smoothing and decimation", "{{ row.error }}"),
        ):
            with html.Div(classes="cm-kv"):
                html.Span(label, classes="cm-mu")
                html.B(value)
        with html.Div(classes="cm-kv"):
            html.Span("Surface", classes="cm-mu")
            html.B("closed", v_if="row.closed", classes="cm-good")
            html.B("open", v_else=True, classes="cm-bad")


def _cuts() -> None:
    _heading("Cuts")
    _empty("!cuts.length", "No plane placed. Choose Plane cut, then click on the anatomy.")
    with html.Div(
        v_for="row in cuts",
        key="row.id",
        classes=("['cm-row', { selected: selected_id === row.id }]",),
        data_cut=("row.id",),
    ):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        with html.Button(classes="cm-name", click="selected_id = row.id"):
            html.Span("{{ row.name }} · {{ row.target }} ")
            html.Span("{{ row.author }}", classes="cm-after")
        html.Span("cut", v_if="row.applied", classes="cm-good")
        html.Button(
            "Cut",
            v_if="me.editor && !row.applied",
            classes="cm-btn small primary",
            click=SUBMIT + "{ type: 'apply_cut', cut_id: row.id } }",
        )
        _remove("me.editor && !row.applied", "{ type: 'remove_cut', cut_id: row.id } }", "row.name")


def _remove(condition: str, command: str, name: str) -> None:
    html.Button(
        "✕",
        v_if=condition,
        classes="cm-icon",
        aria_label=("'Remove ' + " + name,),
        title="Remove",
        click=SUBMIT + command,
    )


def _measurements() -> None:
    _heading("Distances")
    _empty("!measurements.length", "No distance measured. Choose Measure, then click two points.")
    with html.Div(
        v_for="row in measurements",
        key="row.id",
        classes=("['cm-row', { selected: selected_id === row.id }]",),
        data_measurement=("row.id",),
    ):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        with html.Button(classes="cm-name", click="selected_id = row.id"):
            html.Span("{{ row.name }} ")
            html.Span("{{ row.author }}", classes="cm-after")
        html.Span("{{ row.length }} mm", classes="cm-num")
        _remove(
            "me.editor && " + MINE,
            "{ type: 'remove_measurement', measurement_id: row.id } }",
            "row.name",
        )


def _notes() -> None:
    _heading("Notes")
    _empty("!notes.length", "No note pinned. Choose Note, then click on the anatomy.")
    with html.Div(
        v_for="row in notes",
        key="row.id",
        classes="cm-card cm-note",
        style=("{ borderLeftColor: row.colour }",),
        data_note=("row.id",),
    ):
        with html.Div(classes="cm-kv"):
            with html.Span():
                html.B("{{ row.author }} ", style=("{ color: row.colour }",))
                html.Span("{{ row.at }}", classes="cm-after")
            _remove("me.editor && " + MINE, "{ type: 'remove_note', note_id: row.id } }", "'note'")
        html.Div("{{ row.text }}", click="selected_id = row.id")


def _fragments() -> None:
    _heading("Fragments")
    _empty(
        "!solids.some((s) => s.fragment && s.leaf)",
        "No fragment yet. Place a plane and cut, then choose Move.",
    )
    with html.Div(
        v_for="row in solids.filter((s) => s.fragment && s.leaf)",
        key="row.id",
        classes=("['cm-row', { selected: selected_id === row.id }]",),
        data_fragment=("row.id",),
    ):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        with html.Button(classes="cm-name", click="selected_id = row.id"):
            html.Span("{{ row.name }}")
        html.Span("{{ row.moved || 'in place' }}", classes="cm-num")
        html.Button(
            "Back",
            v_if="me.editor && row.moved",
            classes="cm-btn small",
            title="Put it back where it was scanned",
            click=SUBMIT
            + "{ type: 'move_fragment', fragment_id: row.id, "
            + "transform: { rotation: [1, 0, 0, 0], translation_mm: [0, 0, 0] } } }",
        )


def _activity() -> None:
    _heading("What happened")
    with html.Div(
        v_for="row in activity", key="row.revision", classes="cm-row", style="align-items: baseline"
    ):
        html.Span("{{ row.at }}", classes="cm-mu cm-num", style="font-size: 11px")
        with html.Span(style="flex: 1; min-width: 0; overflow-wrap: anywhere"):
            html.B("{{ row.who }}", style=("{ color: row.colour, marginRight: '5px' }",))
            html.Span("{{ row.summary }}")


def _archive() -> None:
    _heading("Take it with you")
    with html.Div(classes="cm-card"):
        html.Div(
            "The whole room: the log of every act, and every surface. "
            "Opens again elsewhere to the same state."
        )
        html.A(
            "Download the room",
            classes="cm-btn primary",
            style="margin-top: 10px; width: 100%",
            href=("base + 'bundle'",),
        )
    _heading("The history")
    with html.Div(classes="cm-card"):
        html.Div("Who did what and when: a table for people, or every entry for programs.")
        with html.Div(classes="cm-acts"):
            html.A("Table (.csv)", classes="cm-btn small", href=("base + 'history.csv'",))
            html.A("Entries (.jsonl)", classes="cm-btn small", href=("base + 'history.jsonl'",))
    _heading("Surfaces as STL")
    html.Div("In mm, LPS, where they are placed now.", v_if="solids.length", classes="cm-empty")
    _empty("!solids.length", "No surface yet.")
    with html.Div(v_for="row in solids.filter((s) => s.leaf)", key="row.id", classes="cm-row"):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        html.Span("{{ row.name }}", classes="cm-name")
        html.A(
            "STL",
            classes="cm-btn small",
            href=("base + 'export/' + encodeURIComponent(row.id) + '.stl?branch=' + branch_id",),
            aria_label=("'Download ' + row.name + ' as STL'",),
        )
