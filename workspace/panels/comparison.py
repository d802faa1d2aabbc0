"""The dialog that compares two versions, and takes chosen differences over."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import submit
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

AGAIN: Final = "trigger('compare', [compare_one, compare_other])"

MAY_TAKE_OVER: Final = (
    "me.may.includes('merge_records') && comparison && comparison.other.id === 'now:' + branch_id "
    "&& !comparison.one.id.startsWith('now:')"
)

TAKE_OVER: Final = (
    submit(
        "{ type: 'merge_records', version_id: comparison.one.id, choices: comparison.rows"
        ".filter((r) => chosen.includes(r.key))"
        ".map((r) => ({ kind: r.kind, record_id: r.record_id })) }"
    )
    + "; compare_open = false"
)


class ComparisonDialog(v3.VDialog):
    """Shows `comparison`, which the server fills when a member asks."""

    def __init__(self) -> None:
        super().__init__(v_model=("compare_open",), max_width=760)
        with self, html.Div(classes="cm-dialog"):
            html.H2(t("What is different"))
            with html.Div(classes="cm-form bare"):
                _side("compare_one", t("From"))
                html.Span("→", classes="cm-mu")
                _side("compare_other", t("To"))
            html.Div(
                "{{ compare_problem }}", v_if="compare_problem", classes="cm-bad", role="alert"
            )
            html.Div(
                t("The two hold the same."),
                v_if="comparison && !comparison.rows.length",
                classes="cm-empty",
            )
            with (
                html.Div(v_if="comparison", classes="cm-differences"),
                html.Label(v_for="row in comparison.rows", key="row.key", classes="cm-difference"),
            ):
                html.Input(
                    type="checkbox",
                    v_if=MAY_TAKE_OVER,
                    v_model=("chosen",),
                    value=("row.key",),
                    aria_label=(telling(t("Choose {name}"), name="row.name"),),
                )
                html.Span(
                    "{{ " + word_for(_whats(), "row.what") + " }}",
                    classes=("'cm-what ' + row.what",),
                )
                with html.Span(classes="cm-line"):
                    html.Div("{{ row.sentence }}")
                    html.Div("{{ row.who }} {{ row.did }}", v_if="row.who", classes="cm-mu")
            with html.Div(classes="cm-acts end"):
                html.Span(
                    shown(
                        t(
                            "Chosen differences are made as they are in {version}; one undo "
                            "takes it all back."
                        ),
                        version="comparison.one.label",
                    ),
                    v_if=MAY_TAKE_OVER + " && comparison.rows.length",
                    classes="cm-mu",
                )
                html.Button(
                    shown(t("Take over {n}"), n="chosen.length"),
                    v_if=MAY_TAKE_OVER + " && comparison.rows.length",
                    classes="cm-btn primary",
                    disabled=("!chosen.length",),
                    click=TAKE_OVER,
                )
                html.Button(t("Close"), classes="cm-btn", click="compare_open = false")


def _whats() -> dict[str, str]:
    """Return how a record can differ."""
    return {"added": t("added"), "removed": t("removed"), "changed": t("changed")}


def _side(key: str, label: str) -> None:
    with html.Select(
        v_model=(key,),
        aria_label=label,
        classes="cm-select",
        change=AGAIN,
    ):
        html.Option("{{ v.label }}", v_for="v in versions", key="v.id", value=("v.id",))
        html.Option(
            shown(t("{branch}, as it is now"), branch="b.name"),
            v_for="b in branches",
            key="b.id",
            value=("'now:' + b.id",),
        )
