"""Texts that were pinned to the anatomy."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import may_change, submit
from workspace.panels.lists import FIND, empty, heading, holders
from workspace.panels.saying import telling
from workspace.panels.words import t

MINE: Final = "(me.owner || row.author_id === me.id)"


class NotesList(html.Div):
    """Notes, in the order of pinning; a click goes to where one is pinned."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("Notes"))
            empty("!notes.length", t("No note pinned. Choose Note, then click on the anatomy."))
            with html.Div(
                v_for="row in notes",
                key="row.id",
                classes=("['cm-card cm-note', { selected: selected_id === row.id }]",),
                style=("{ borderLeftColor: row.colour }",),
                data_note=("row.id",),
                data_record=("row.id",),
            ):
                with html.Div(classes="cm-kv"):
                    with html.Span():
                        html.B("{{ row.author }} ", style=("{ color: row.colour }",))
                        html.Span(
                            "{{ $panels.ago(row.at) }}",
                            classes="cm-after",
                            title=("$panels.exact(row.at)",),
                        )
                    holders()
                    html.Button(
                        "✕",
                        v_if=MINE + " && " + may_change("remove_note"),
                        classes="cm-icon",
                        title=t("Remove"),
                        aria_label=(telling(t("Remove the note of {name}"), name="row.author"),),
                        click=submit("{ type: 'remove_note', note_id: row.id }"),
                    )
                html.Button("{{ row.text }}", classes="cm-name cm-said", click=FIND)
