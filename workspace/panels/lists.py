"""What every list of a panel is made of: a heading, a word where it is empty, a cross at a row."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import do, may, may_change, submit
from workspace.panels.saying import shown, telling
from workspace.panels.words import t


def heading(text: str) -> None:
    """Put a title over a list."""
    with html.Div(classes="cm-h"):
        html.Span(text)


def empty(condition: str, text: str) -> None:
    """Say what to do where there is nothing to list."""
    html.Div(text, v_if=condition, classes="cm-empty")


def remove(condition: str, command: str, name: str = "row.name") -> None:
    """Put a cross that takes a record away."""
    html.Button(
        "✕",
        v_if=condition,
        classes="cm-icon",
        aria_label=(telling(t("Remove {name}"), name=name),),
        title=t("Remove"),
        click=submit(command),
    )


def holders(row: str = "row") -> None:
    """Say who has a record in hand now, and who has locked it."""
    editor = "$panels.editor(people, members, me, " + row + ".id)"
    lock = "locks[$panels.lockKey(" + row + ".kind, " + row + ".id)]"
    with html.Span(
        v_if=editor,
        classes="cm-holder",
        title=(telling(t("{name} edits this now"), name=editor + "?.name"),),
    ):
        html.I(style=("{ background: " + editor + ".colour }",))
        html.Span(shown(t("{name} edits"), name=editor + ".name.split(' ')[0]"))
    with html.Span(
        v_if=lock,
        classes="cm-holder",
        role="img",
        title=(telling(t("Locked by {name}"), name=lock + "?.who"),),
        aria_label=(telling(t("Locked by {name}"), name=lock + "?.who"),),
    ):
        v3.VIcon("mdi-lock-outline", size=14)


def lock_button(row: str = "row") -> None:
    """Offer to keep others out of a record, or to let them in again."""
    lock = "locks[$panels.lockKey(" + row + ".kind, " + row + ".id)]"
    ref = "ref: { kind: " + row + ".kind, record_id: " + row + ".id }"
    with html.Div(classes="cm-kv", v_if=may("lock_record") + " || " + lock):
        with html.Span(v_if=lock, classes="cm-locked"):
            v3.VIcon("mdi-lock-outline", size=16)
            html.Span(shown(t("Locked by {name}"), name=lock + "?.who"))
        html.Span(t("Anybody with the right may change it"), v_else=True, classes="cm-mu")
        html.Button(
            t("Lock"),
            v_if=may("lock_record") + " && !" + lock,
            classes="cm-btn small",
            title=t("Only you, and owners of the room, may change it then"),
            click=submit("{ type: 'lock_record', " + ref + " }"),
        )
        html.Button(
            t("Unlock"),
            v_if=lock + " && " + may_change("unlock_record", row),
            classes="cm-btn small",
            click=submit("{ type: 'unlock_record', " + ref + " }"),
        )


FIND: Final = "selected_id = row.id; " + do("find", "record_id: row.id")
"""Select what a row is about, and bring it to the middle."""


def find_button() -> None:
    """Offer to look at where a row's record is."""
    with html.Button(
        classes="cm-icon",
        title=t("Show where it is"),
        aria_label=(telling(t("Show where {name} is"), name="row.name"),),
        click=FIND,
    ):
        v3.VIcon("mdi-crosshairs-gps", size=16)
