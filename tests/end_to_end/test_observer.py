"""An observer cannot change anything, whatever their browser sends."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PLANE = {"origin": [0, 0, 0], "normal": [0, 0, 1]}
ANCHOR = {"solid_id": "bone", "point_mm": [0, -66, -54]}
COMMANDS = [
    {"type": "pin_note", "note_id": "n", "anchor": ANCHOR, "text": "x"},
    {"type": "measure_distance", "measurement_id": "m", "start": ANCHOR, "end": ANCHOR},
    {
        "type": "place_markup",
        "markup_id": "k",
        "kind": "point",
        "points": [{"point_mm": [0, 0, 0]}],
    },
    {"type": "place_cut", "cut_id": "c", "target_id": "bone", "plane": PLANE},
    {"type": "apply_cut", "cut_id": "c"},
    {"type": "undo"},
    {"type": "redo"},
    {
        "type": "move_fragment",
        "fragment_id": "c+",
        "transform": {"rotation": [1, 0, 0, 0], "translation_mm": [1, 0, 0]},
    },
]

SEND = """
([url, frames]) => new Promise((resolve) => {
  const socket = new WebSocket(url);
  const answers = [];
  socket.onopen = () => {
    socket.send(JSON.stringify({ type: 'hello', protocol: 3 }));
    for (const frame of frames) socket.send(frame);
    setTimeout(() => { socket.close(); resolve(answers); }, 1500);
  };
  socket.onmessage = (event) => answers.push(...JSON.parse(event.data));
})
"""


@pytest.fixture(scope="module")
def cleo(browser: Browser, ana: MemberPage) -> Iterator[MemberPage]:
    """An observer, invited by Ana through the page."""
    ana.page.locator("#invite").click()
    ana.page.get_by_label("Role", exact=True).select_option("observer")
    ana.page.get_by_role("button", name="Make a link").click()
    link = ana.page.get_by_label("Link for observer", exact=True).input_value()
    ana.page.get_by_role("button", name="Close").click()
    page = MemberPage.join(browser, link, "Cleo Lind")
    yield page
    page.close()


def test_an_observer_sees_the_anatomy_and_no_tool_works(cleo: MemberPage) -> None:
    cleo.sees("View only")
    strip = cleo.page.get_by_role("toolbar")
    for tool in ("Note", "Measure", "Annotate", "Plane cut", "Move"):
        expect(strip.get_by_role("button", name=tool, exact=True)).to_be_disabled()
    expect(cleo.page.locator("#undo")).to_be_disabled()
    expect(cleo.page.locator("#invite")).to_have_count(0)


def test_what_an_observers_browser_sends_by_hand_is_refused(
    cleo: MemberPage, ana: MemberPage, server: ServerProcess
) -> None:
    before = ana.view
    frames = [
        json.dumps({"type": "submit", "operation_id": f"op-{number}", "command": command})
        for number, command in enumerate(COMMANDS)
    ]
    url = cleo.page.url.replace("http", "ws", 1) + "socket"
    answers = cleo.page.evaluate(SEND, [url, frames])
    refused = [answer for answer in answers if answer["type"] == "refused"]
    assert [answer["operation_id"] for answer in refused] == [
        f"op-{n}" for n in range(len(COMMANDS))
    ]
    assert all("observer" in answer["reason"] for answer in refused)
    assert ana.view == before
    assert server.process.poll() is None


def test_a_command_of_the_server_itself_closes_the_socket_that_sent_it(
    cleo: MemberPage, ana: MemberPage
) -> None:
    before = ana.view
    member = {"member_id": "evil", "name": "Eve", "role": "owner", "colour": "#ffffff"}
    frame = {
        "type": "submit",
        "operation_id": "x",
        "command": {"type": "admit_member", "member": member},
    }
    url = cleo.page.url.replace("http", "ws", 1) + "socket"
    answers = cleo.page.evaluate(SEND, [url, [json.dumps(frame)]])
    assert answers[-1]["type"] == "failure"
    assert ana.view == before


def test_another_members_page_does_not_open_for_an_observer(
    cleo: MemberPage, ana: MemberPage
) -> None:
    page = cleo.context.new_page()
    response = page.goto(ana.page.url)
    assert response is not None
    assert response.status == 401
    expect(page.get_by_text("You are not signed in here")).to_be_visible(timeout=PATIENCE_MS)
    page.close()
