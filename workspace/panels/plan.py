"""The plan step: lists in tabs, and below them the inspector of what is selected."""

from typing import Final

from trame.widgets import html

from workspace.panels.activity import ActivityFeed
from workspace.panels.measures import MeasureInspector, MeasuresList
from workspace.panels.notes import NotesList
from workspace.panels.segment_inspector import SegmentInspector
from workspace.panels.segments import SegmentsTree
from workspace.panels.steps import CutInspector, CutsList, FragmentsList
from workspace.panels.words import key, t

TABS: Final = (
    ("segments", key("Segments")),
    ("measures", key("Measures")),
    ("steps", key("Steps")),
    ("activity", key("Activity")),
)

CHOSEN: Final = "[...solids, ...cuts, ...measures].some((row) => row.id === selected_id)"


class PlanPanel(html.Div):
    """Tabs, one list at a time, and the inspector."""

    def __init__(self) -> None:
        super().__init__(classes="cm-plan")
        with self:
            with html.Div(classes="cm-tabs", role="tablist", aria_label=t("Lists of the plan")):
                for name, label in TABS:
                    _tab(name, t(label))
            # A key: each list begins at its top.
            with html.Div(classes="cm-scroll", role="tabpanel", id="plan-list", key=("plan_tab",)):
                with html.Div(v_if="plan_tab === 'segments'"):
                    SegmentsTree()
                with html.Div(v_if="plan_tab === 'measures'"):
                    MeasuresList()
                    NotesList()
                with html.Div(v_if="plan_tab === 'steps'"):
                    CutsList()
                    FragmentsList()
                with html.Div(v_if="plan_tab === 'activity'"):
                    ActivityFeed()
            with html.Div(v_if=CHOSEN, classes="cm-below-list", id="inspector"):
                SegmentInspector()
                CutInspector()
                MeasureInspector()


def _tab(name: str, label: str) -> None:
    html.Button(
        label,
        classes=("['cm-tab', { on: plan_tab === '" + name + "' }]",),
        role="tab",
        aria_selected=("plan_tab === '" + name + "'",),
        aria_controls="plan-list",
        click="plan_tab = '" + name + "'",
        id="tab-" + name,
    )
