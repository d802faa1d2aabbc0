"""The panel on the right: one content per step."""

from collections.abc import Callable
from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.activity import ActivityFeed
from workspace.panels.archive import ArchivePanel
from workspace.panels.case import CasePanel
from workspace.panels.making import MakingPanel, SurfacesPanel
from workspace.panels.plan import PlanPanel
from workspace.panels.steps import FragmentsList
from workspace.panels.talk import TalkPanel
from workspace.panels.versions import VersionsPanel
from workspace.panels.words import t

STEPS: Final[dict[str, tuple[Callable[[], object], ...]]] = {
    "case": (CasePanel,),
    "segment": (MakingPanel,),
    "model": (SurfacesPanel,),
    "rehearse": (FragmentsList, ActivityFeed),
    "archive": (ArchivePanel,),
    "talk": (TalkPanel,),
    "versions": (VersionsPanel,),
}
"""What each step shows, beside the plan's, which has tabs."""


class SidePanel(html.Div):
    """Lists and inspectors; knows names of state only."""

    def __init__(self) -> None:
        super().__init__(
            classes=("'cm-side' + (drawer ? ' open' : '')",),
            role="complementary",
            aria_label=t("Lists"),
        )
        with self:
            with html.Button(
                classes="cm-icon cm-shut", click="drawer = false", aria_label=t("Close the lists")
            ):
                v3.VIcon("mdi-close", size=22)
            html.Div(
                t("You look at the past; the lists here show the plan as it is now."),
                v_if="past",
                classes="cm-card cm-warn cm-past",
                role="status",
            )
            with html.Div(v_if="panel === 'plan'", classes="cm-step-content"):
                PlanPanel()
            with html.Div(v_else=True, classes="cm-scroll"):
                for step, contents in STEPS.items():
                    with html.Div(v_if="panel === '" + step + "'"):
                        for content in contents:
                            content()
