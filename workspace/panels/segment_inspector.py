"""What is known of the segment or fragment that is selected, and what may be changed of it."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.binders.anatomy_colours import MEANINGS
from workspace.panels.asking import do, may, may_change, submit
from workspace.panels.forms import Field, OneLine, choice, field, one_line_form
from workspace.panels.lists import find_button, heading, lock_button
from workspace.panels.naming import owners, statuses
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

MAY_EDIT: Final = may_change("edit_segment")
COMMENTS: Final = "$panels.threadsOn(threads, row.id)"
ABOUT: Final = "{ type: 'record', ref: { kind: row.kind, record_id: row.id } }"
SAY: Final = submit(
    "{ type: 'open_thread', thread_id: 'new', comment_id: 'new', about: "
    + ABOUT
    + ", text: about_text.trim(), mentions: [] }"
)


class Inspector(html.Div):
    """Shows what is selected in one list; a subclass fills it.

    Parameters
    ----------
    rows : str
        State key of the list.
    """

    def __init__(self, rows: str) -> None:
        super().__init__(
            v_for="row in " + rows + ".filter((it) => it.id === selected_id)",
            key="row.id",
            classes="cm-inspector",
            role="region",
            aria_label=(telling(t("About {name}"), name="row.name"),),
        )


class SegmentInspector(Inspector):
    """Shows one solid; knows names of state only."""

    def __init__(self) -> None:
        super().__init__("solids")
        with self:
            title("row.colour")
            with html.Div(v_if="!row.fragment && " + MAY_EDIT):
                _editing()
            with html.Div(v_if="!row.fragment && !" + may_change("edit_segment")):
                _reading()
            with html.Div(v_if="row.fragment"):
                renaming()
                _place()
            lock_button()
            _facts()
            _comments()


def title(colour: str) -> None:
    """Name what is selected; let go of it."""
    with html.Div(classes="cm-inspector-title"):
        html.Span(classes="cm-sw", style=("{ background: " + colour + " }",))
        html.B("{{ row.name }}", classes="cm-line")
        find_button()
        with html.Button(
            classes="cm-icon",
            title=t("Let go of it"),
            aria_label=t("Close the inspector"),
            click="selected_id = null",
        ):
            v3.VIcon("mdi-close", size=16)


def renaming() -> None:
    """Offer another name for a record that is renamed by itself."""
    ref = "{ kind: row.kind, record_id: row.id }"
    with html.Div(v_if=may_change("rename")):
        act = submit("{ type: 'rename', ref: " + ref + ", name: $event.target.value.trim() }")
        field(Field(t("Name"), "row.name", act))


def edit(change: str) -> str:
    """Return the statement that changes properties of the segment in hand."""
    return submit("{ type: 'edit_segment', segment_id: row.id, " + change + " }")


def _editing() -> None:
    chosen = "$event.target.value"
    with html.Div(classes="cm-pair"):
        field(Field(t("Name"), "row.name", edit("name: " + chosen + ".trim()")))
        colour = edit("colour: $panels.rgbOf(" + chosen + ")")
        with html.Div(classes="cm-narrow"):
            field(Field(t("Colour"), "row.colour", colour, kind="color"))
    with html.Div(classes="cm-pair"):
        choice(Field(t("Owner"), "row.owner", edit("owner: " + chosen)), owners())
        choice(Field(t("Status"), "row.status", edit("status: " + chosen)), statuses())
    with html.Div(classes="cm-pair"):
        names = {"": t("No code"), **{code: t(name) for code, name, _ in MEANINGS}}
        other = "$panels.meaningOf(meanings, row.code) ? '' : row.code"
        choice(Field(t("Structure"), "row.code", edit("code: " + chosen)), names, other)
        digits = edit("code: " + chosen + ".trim()")
        field(Field(t("SNOMED code"), "row.code", digits, kind="digits"))
    with html.Div(classes="cm-pair"):
        group = edit("group: " + chosen + ".trim()")
        field(Field(t("Group"), "row.group", group, kind="group"))
        opacity = edit("opacity: Number(" + chosen + ") / 100")
        value = "Math.round(100 * row.opacity)"
        field(Field(t("Opacity, for all"), value, opacity, kind="range"))
    with html.Datalist(id="groups"):
        html.Option(v_for="name in $panels.groupsOf(solids)", key="name", value=("name",))


def _reading() -> None:
    names = {code: t(name) for code, name, _ in MEANINGS}
    fact(t("Owner"), word_for(owners(), "row.owner"))
    fact(t("Status"), word_for(statuses(), "row.status"))
    fact(t("Structure"), "row.code && " + word_for(names, "row.code"))
    fact(t("SNOMED code"), "row.code")
    fact(t("Group"), "row.group")


def _place() -> None:
    with html.Div(classes="cm-kv"):
        html.Span(t("Moved by"), classes="cm-mu")
        html.B("{{ row.moved }}", v_if="row.moved")
        html.B(t("in place"), v_else=True)
    html.Button(
        t("Put it back where it was scanned"),
        v_if="row.moved && row.leaf && " + may_change("move_fragment"),
        classes="cm-btn small",
        click=submit(
            "{ type: 'move_fragment', fragment_id: row.id, "
            "transform: { rotation: [1, 0, 0, 0], translation_mm: [0, 0, 0] } }"
        ),
    )


def _facts() -> None:
    fact(t("Volume"), "row.volume + ' mL'")
    fact(t("Area"), "row.area")
    with html.Div(classes="cm-kv"):
        html.Span(t("Surface error"), classes="cm-mu")
        html.B(
            shown(t("95 % within {p95}, at most {most}"), p95="row.error_p95", most="row.error_max")
        )
    fact(t("Segmented by"), "row.made_by")
    fact(t("Method"), "row.made")
    fact(t("Segmented on"), "$panels.exact(row.made_at)")


def fact(label: str, value: str) -> None:
    """Show a value with its name, where there is one."""
    with html.Div(classes="cm-kv", v_if=value):
        html.Span(label, classes="cm-mu")
        html.B("{{ " + value + " }}")


def _comments() -> None:
    heading(t("Comments"))
    html.Div(
        t("Nobody has said anything about it."), v_if="!" + COMMENTS + ".length", classes="cm-mu"
    )
    with html.Button(
        v_for="thread in " + COMMENTS,
        key="thread.id",
        classes=("['cm-thread', { done: thread.resolved }]",),
        click="panel = 'talk'; selected_id = thread.id; "
        + do("open_thread", "thread_id: thread.id"),
    ):
        html.B("{{ thread.comments[0]?.who }} ", style=("{ color: thread.colour }",))
        html.Span("{{ thread.comments[0]?.text }}")
        html.Span("{{ thread.comments.length }}", classes="cm-count")
    one_line_form(
        OneLine(
            draft="about_text",
            act=SAY,
            hint=t("Say something about it"),
            button=t("Send"),
            longest=2000,
        ),
        condition=may("open_thread"),
        focused=False,
    )
