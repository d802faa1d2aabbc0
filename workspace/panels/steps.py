"""The steps of the operation: planes and what they cut, fragments and where they are."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import choose, may_change, submit
from workspace.panels.lists import empty, heading, holders, lock_button, remove
from workspace.panels.saying import telling
from workspace.panels.segment_inspector import Inspector, fact, renaming, title
from workspace.panels.words import t

ROW: Final = "['cm-row', { selected: selected_id === row.id }]"
APPLY: Final = submit("{ type: 'apply_cut', cut_id: row.id }")
REMOVE: Final = "{ type: 'remove_cut', cut_id: row.id }"
MAY_CUT: Final = "!row.applied && " + may_change("apply_cut")
MAY_REMOVE: Final = "!row.applied && " + may_change("remove_cut")
PUT_BACK: Final = submit(
    "{ type: 'move_fragment', fragment_id: row.id, "
    "transform: { rotation: [1, 0, 0, 0], translation_mm: [0, 0, 0] } }"
)


class CutsList(html.Div):
    """Planes, in the order of placing."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("Cuts"))
            empty(
                "!cuts.length",
                t("No plane placed. Choose Plane cut, then click on the anatomy."),
            )
            with html.Div(
                v_for="row in cuts",
                key="row.id",
                classes=(ROW,),
                data_cut=("row.id",),
                data_record=("row.id",),
            ):
                html.Span(classes="cm-sw", style=("{ background: row.colour }",))
                with html.Button(classes="cm-name", click=choose()):
                    html.Span("{{ row.name }} · {{ row.target }} ")
                    html.Span("{{ row.author }}", classes="cm-after")
                holders()
                html.Span(t("cut"), v_if="row.applied", classes="cm-good")
                html.Button(
                    t("Cut"),
                    v_if=MAY_CUT,
                    classes="cm-btn small primary",
                    aria_label=(telling(t("Cut along {name}"), name="row.name"),),
                    click=APPLY,
                )
                remove(MAY_REMOVE, REMOVE)


class FragmentsList(html.Div):
    """Fragments on screen, and how far each was moved."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("Fragments"))
            empty(
                "!solids.some((s) => s.fragment && s.leaf)",
                t("No fragment yet. Place a plane and cut, then choose Move."),
            )
            with html.Div(
                v_for="row in solids.filter((s) => s.fragment && s.leaf)",
                key="row.id",
                classes=(ROW,),
                data_fragment=("row.id",),
                data_record=("row.id",),
            ):
                html.Span(classes="cm-sw", style=("{ background: row.colour }",))
                with html.Button(classes="cm-name", click=choose()):
                    html.Span("{{ row.name }}")
                holders()
                html.Span("{{ row.moved || " + telling(t("in place")) + " }}", classes="cm-num")
                html.Button(
                    t("Back"),
                    v_if="row.moved && " + may_change("move_fragment"),
                    classes="cm-btn small",
                    title=t("Put it back where it was scanned"),
                    aria_label=(telling(t("Put {name} back"), name="row.name"),),
                    click=PUT_BACK,
                )


class CutInspector(Inspector):
    """The plane that is selected."""

    def __init__(self) -> None:
        super().__init__("cuts")
        with self:
            title("row.colour")
            renaming()
            fact(t("On"), "row.target")
            fact(t("Placed by"), "row.author")
            with html.Div(classes="cm-kv"):
                html.Span(t("State"), classes="cm-mu")
                html.B(t("cut"), v_if="row.applied", classes="cm-good")
                html.B(t("waiting: nothing is cut yet"), v_else=True)
            lock_button()
            with html.Div(classes="cm-acts"):
                html.Button(t("Cut"), v_if=MAY_CUT, classes="cm-btn small primary", click=APPLY)
                html.Button(
                    t("Remove"), v_if=MAY_REMOVE, classes="cm-btn small", click=submit(REMOVE)
                )
