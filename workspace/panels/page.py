"""The page: bar, rail, view, panel, foot; and the state that they share."""

from collections.abc import Mapping
from typing import Any, Final

from trame.ui.vuetify3 import VAppLayout
from trame.widgets import html
from trame_client.widgets.core import HtmlElement
from trame_server import Server

from sessions.plan.records import MAIN
from workspace.panels import assets, vocabulary  # noqa: F401  # the vocabulary registers itself
from workspace.panels.comparison import ComparisonDialog
from workspace.panels.footer import Footer
from workspace.panels.invite import InviteDialog
from workspace.panels.rail import Rail
from workspace.panels.side import SidePanel
from workspace.panels.topbar import TopBar

WRITABLE: Final = frozenset({"panel", "invite_open", "compare_open", "chosen", "found"})
"""What the page sets on its server. Nothing here reaches the plan or another member."""

DRAFTS: Final[Mapping[str, object]] = {
    "about_text": "",
    "branch_from": "",
    "branch_name": "",
    "chat_text": "",
    "compare_one": "",
    "compare_other": "",
    "link_days": "7",
    "link_label": "",
    "link_role": "surgeon",
    "link_uses": "1",
    "person_menu": "",
    "reply_text": "",
    "reply_to": "",
    "return_of": "",
    "return_reason": "",
    "search_text": "",
    "sending_away": "",
    "show_resolved": False,
    "version_name": "",
    "version_text": "",
}
"""What a member is about to say or do, as a new page has it."""

LOOKS: Final[Mapping[str, object]] = {
    "activity_of": "",
    "colour_mode": "own",
    "drawer": False,
    "editing": None,
    "plan_tab": "segments",
    "tree_mode": "owner",
}
"""How a member's lists look: whose activity, which colours, whether they are open where the page is
narrow, what is being changed, in which tab, in which groups."""

CLIENT_ONLY: Final = (
    "trame__busy",
    "trame_error_report_msg",
    "trame__template_main",
    "trame__template_error_reconnect",
    "appearance",
    "branch_id",
    "command",
    "connection",
    "frame",
    "history",
    "past",
    "people",
    "present",
    "presenting",
    "selected_id",
    "tool",
    *DRAFTS,
    *LOOKS,
)
"""The member's own view, what they are about to say, and what the room's socket tells the page:
never sent to the server."""


TEMPLATE: Final = "trame__template_main"

TEMPLATE_KEYS: Final = (
    TEMPLATE,
    "trame__scripts",
    "trame__module_scripts",
    "trame__styles",
    "trame__vue_use",
    "trame__vuetify3_config",
)
"""State that is the same on every page: what it looks like, and what it loads."""


def page_template(trame: Server) -> dict[str, Any]:
    """Lay out the page on a server and return the state that makes any server's page of it.

    Laying out takes a tenth of a second, so it is done once and not for every member.
    """
    trame.enable_module(assets)
    with VAppLayout(trame, vuetify_config={"theme": {"defaultTheme": "dark"}}):
        with html.Div(classes="cm-app"):
            TopBar()
            Rail()
            with html.Div(classes="cm-view", role="main", id="view", tabindex="-1"):
                RoomView()
            SidePanel()
            Footer()
        InviteDialog()
        ComparisonDialog()
    return {key: trame.state[key] for key in TEMPLATE_KEYS}


def page_state(constants: Mapping[str, Any], panels: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state that one member's page starts with.

    Parameters
    ----------
    constants : mapping
        ``me`` {id, name, role, editor, owner, may}, ``base`` (URL of the member's page), ``roles``
        and ``meanings``.
    panels : mapping
        State of the panels, see `workspace.binders.panel_state`.
    """
    return {
        **constants,
        **panels,
        "panel": "plan",
        "tool": "select",
        "selected_id": None,
        "appearance": {},
        "command": {"n": 0, "name": ""},
        "alarm": "",
        "invite_open": False,
        "invitations": [],
        "new_link": None,
        "compare_open": False,
        "comparison": None,
        "compare_problem": "",
        "chosen": [],
        "found": None,
        **DRAFTS,
        **LOOKS,
        "connection": {"state": "connecting", "lag_ms": 0},
        "present": [],
        "people": {},
        "presenting": {"presenter_id": None, "asked": []},
        "branch_id": MAIN,
        "past": None,
        "frame": "",
        "history": {"can_undo": False, "can_redo": False},
        "trame_error_report_msg": "",
        "trame__title": "Commissure",
        "trame__favicon": "panels/favicon.svg",
        "trame__client_only": list(CLIENT_ONLY),
    }


class RoomView(HtmlElement):
    """Our own component: the anatomy and everything on it, with the room's socket."""

    def __init__(self) -> None:
        super().__init__(
            "commissure-view",
            raw_attrs=[
                ":socket-url=\"base + 'socket'\"",
                ":surfaces-url=\"base + 'surfaces'\"",
                ':member-id="me.id"',
                ':panels-lost="!!trame_error_report_msg"',
                ':appearance="appearance"',
                ":colours=\"colour_mode === 'code' ? $panels.colourTable(meanings) : null\"",
                ':editing="editing"',
                ':command="command"',
                'v-model:tool="tool"',
                'v-model:selected-id="selected_id"',
                '@update:appearance="appearance = $event"',
                '@connection="connection = $event"',
                '@present="present = $event"',
                '@history="history = $event"',
                '@people="people = $event"',
                '@presenting="presenting = $event"',
                '@branch="branch_id = $event"',
                '@past="past = $event"',
                '@frame="frame = $event"',
            ],
        )
