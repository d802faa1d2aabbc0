"""The six steps on the left: where the work is, and which panel is open."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

STEPS: Final = (
    ("case", "Case", "mdi-folder-outline"),
    ("segment", "Segment", "mdi-brush-variant"),
    ("model", "Model", "mdi-cube-outline"),
    ("plan", "Plan", "mdi-vector-line"),
    ("rehearse", "Rehearse", "mdi-play-outline"),
    ("archive", "Archive", "mdi-archive-outline"),
)


class Rail(html.Div):
    """Steps, and at the bottom undo, redo and the list of keys."""

    def __init__(self) -> None:
        super().__init__(classes="cm-rail", role="navigation")
        with self:
            for key, label, icon in STEPS:
                _step(key, label, icon)
            html.Div(classes="cm-line-across")
            _step("talk", "Talk", "mdi-forum-outline")
            _step("versions", "Versions", "mdi-source-branch")
            html.Div(classes="cm-sp")
            _action("undo", "Undo", "mdi-undo-variant", "history.can_undo", "Ctrl+Z")
            _action("redo", "Redo", "mdi-redo-variant", "history.can_redo", "Ctrl+Shift+Z")
            with html.Button(
                classes="cm-step", click="command = { n: command.n + 1, name: 'keys' }", id="keys"
            ):
                v3.VIcon("mdi-help-circle-outline", size=22)
                html.Span("Keys ?")


def _step(key: str, label: str, icon: str) -> None:
    with html.Button(
        classes=("'cm-step' + (panel === '" + key + "' ? ' on' : '')",),
        click="panel = '" + key + "'",
        id="step-" + key,
        aria_pressed=("panel === '" + key + "'",),
    ):
        v3.VIcon(icon, size=22)
        html.Span(label)


def _action(name: str, label: str, icon: str, enabled: str, keys: str) -> None:
    with html.Button(
        classes="cm-step",
        click="command = { n: command.n + 1, name: '" + name + "' }",
        disabled=("!me.editor || !" + enabled,),
        title=label + " what you did last (" + keys + "); never what others did",
        id=name,
    ):
        v3.VIcon(icon, size=22)
        html.Span(label)
