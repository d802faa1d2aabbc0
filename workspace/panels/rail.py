"""The six steps on the left: where the work is, and which panel is open."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import do, may
from workspace.panels.words import LANGUAGES, TAGS, key, spoken_now, t

STEPS: Final = (
    ("case", key("Case"), "mdi-folder-outline"),
    ("segment", key("Segment"), "mdi-brush-variant"),
    ("model", key("Model"), "mdi-cube-outline"),
    ("plan", key("Plan"), "mdi-vector-line"),
    ("rehearse", key("Rehearse"), "mdi-play-outline"),
    ("archive", key("Archive"), "mdi-archive-outline"),
)


class Rail(html.Div):
    """Steps, and at the bottom undo, redo and the list of keys."""

    def __init__(self) -> None:
        super().__init__(classes="cm-rail", role="navigation", aria_label=t("Steps"))
        with self:
            for step, label, icon in STEPS:
                _step(step, t(label), icon)
            html.Div(classes="cm-line-across")
            _step("talk", t("Talk"), "mdi-forum-outline")
            _step("versions", t("Versions"), "mdi-source-branch")
            html.Div(classes="cm-sp")
            _action(
                "undo",
                t("Undo"),
                "mdi-undo-variant",
                t("Undo what you did last (Ctrl+Z); never what others did"),
            )
            _action(
                "redo",
                t("Redo"),
                "mdi-redo-variant",
                t("Redo what you undid last (Ctrl+Shift+Z); never what others did"),
            )
            with html.Button(classes="cm-step", click=do("keys"), id="keys"):
                v3.VIcon("mdi-help-circle-outline", size=22)
                html.Span(t("Keys ?"))
            _languages()


def _step(step: str, label: str, icon: str) -> None:
    with html.Button(
        classes=("'cm-step' + (panel === '" + step + "' ? ' on' : '')",),
        # On a narrow page the lists are a drawer, which the step that is open shuts again.
        click="drawer = !(drawer && panel === '" + step + "'); panel = '" + step + "'",
        id="step-" + step,
        aria_pressed=("panel === '" + step + "'",),
    ):
        v3.VIcon(icon, size=22)
        html.Span(label)


def _languages() -> None:
    """Offer the page in another language; each calls itself by its own name."""
    with v3.VMenu(location="end"):
        with (
            v3.Template(v_slot_activator="{ props }"),
            html.Button(classes="cm-step", v_bind="props", id="language"),
        ):
            v3.VIcon("mdi-translate", size=22)
            html.Span(t("Language"))
        with html.Div(classes="cm-menu cm-languages"):
            for code, name in LANGUAGES.items():
                html.Button(
                    name,
                    classes="cm-btn" + (" on" if code == spoken_now() else ""),
                    lang=TAGS[code],
                    aria_pressed="true" if code == spoken_now() else "false",
                    click="$speak('" + code + "')",
                )


def _action(name: str, label: str, icon: str, title: str) -> None:
    with html.Button(
        classes="cm-step",
        click=do(name),
        disabled=("!" + may(name) + " || !history.can_" + name,),
        title=title,
        id=name,
    ):
        v3.VIcon(icon, size=22)
        html.Span(label)
