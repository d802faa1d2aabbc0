"""Inputs of one line: what is typed is a draft until it is sent, and an edit is sent once."""

from dataclasses import dataclass
from typing import Any, Final

from trame.widgets import html

EDITING: Final = "editing = { kind: row.kind, record_id: row.id }"
"""Lets the others see who has a record in hand."""

LEFT: Final = "editing = null"

PUT_BACK: Final = "$event.target.form.reset()"

KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "text", "maxlength": "200"},
    "color": {"type": "color"},
    "range": {"type": "range", "min": "5", "max": "100"},
    "digits": {"type": "text", "inputmode": "numeric", "maxlength": "18"},
    "group": {"type": "text", "maxlength": "200", "list": "groups"},
}
"""What an input takes -> how the browser is told."""


@dataclass(frozen=True, slots=True)
class OneLine:
    """A text to send: where its draft is kept, what is done with it, what stands around it."""

    draft: str
    """Name of state."""
    act: str
    """Statement that is carried out where the text is not blank; the draft is emptied after."""
    hint: str
    button: str
    longest: int = 200
    label: str = ""
    """Expression of what a screen reader says; else the hint."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the plan that may be changed: `act` is done once, when it was."""

    label: str
    value: str
    """Expression."""
    act: str
    """Statement, which finds what was chosen in ``$event.target.value``."""
    kind: str = "text"


def one_line_form(line: OneLine, *, condition: str = "true", focused: bool = True) -> None:
    """Draw the input with its button; Enter sends too."""
    send = "if (" + line.draft + ".trim()) { " + line.act + "; " + line.draft + " = '' }"
    with html.Form(
        v_if=condition,
        classes="cm-form bare",
        raw_attrs=['@submit.prevent="' + send + '"'],
    ):
        html.Input(
            v_model=(line.draft,),
            placeholder=line.hint,
            aria_label=(line.label,) if line.label else line.hint,
            maxlength=str(line.longest),
            id=line.draft.replace("_text", "-input"),
            **({"autofocus": True} if focused else {}),
        )
        html.Button(line.button, type="submit", classes="cm-btn primary")


def field(it: Field) -> None:
    """Draw an input over a value of the plan.

    The value is the input's default, so that what a member types is not overwritten when the page
    is drawn anew; leaving the input puts back what the plan says. Hence a form for each: only a
    form can do that.
    """
    with (
        html.Form(classes="cm-field", raw_attrs=["@submit.prevent"]),
        html.Label(),
    ):
        html.Span(it.label)
        html.Input(
            change=it.act,
            focus=EDITING,
            blur=LEFT + "; " + PUT_BACK,
            raw_attrs=[
                ':value.attr="' + it.value + '"',
                '@keydown.esc.stop="' + PUT_BACK + '; $event.target.blur()"',
            ],
            **KINDS[it.kind],
        )


def choice(it: Field, options: dict[str, str], other: str = "") -> None:
    """Draw a list to choose from over a value of the plan.

    Parameters
    ----------
    options : dict
        Value -> word.
    other : str
        Expression of a value that is none of the options, and shown as it is; else empty.
    """
    with html.Label(classes="cm-field"):
        html.Span(it.label)
        # The label holds the options, too: a screen reader would read them all as the name.
        with html.Select(
            classes="cm-select",
            aria_label=it.label,
            change=it.act,
            focus=EDITING,
            blur=LEFT,
            raw_attrs=[':value="' + it.value + '"'],
        ):
            for key, word in options.items():
                html.Option(word, value=key)
            if other:
                html.Option("{{ " + other + " }}", v_if=other, value=(other,))
