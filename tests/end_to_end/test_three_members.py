"""Three members in one room: led views, a conflict, a comment, a branch, and the plan as it was.

The tests are one story and run in order; each can rely on what the ones before left in the room.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ON_THE_SKULL = (0.0, -66.0, -54.0)
FROM_LEFT = "window.commissure.camera.direction[0] < -0.99"
FROM_ANTERIOR = "window.commissure.camera.direction[1] > 0.99"

INSTRUCT = """
(instruction) => {
  const { n } = window.trame.state.get('command');
  window.trame.state.set('command', { ...instruction, n: n + 1 });
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A room on a coarse phantom: three pages draw it in software on two cores."""
    series = tmp_path_factory.mktemp("coarse") / "series"
    write_series(craniopagus(), series, Acquisition(spacing_mm=(4.0, 4.0, 4.0)))
    data = tmp_path_factory.mktemp("three")
    process = ServerProcess.open_case(data, series, "--title", "Craniopagus phantom")
    yield process
    process.stop()


@pytest.fixture(scope="module")
def cleo(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("surgeon"), "Cleo Lind")
    yield page
    page.close()


@pytest.fixture(scope="module")
def members(
    ana: MemberPage, ben: MemberPage, cleo: MemberPage
) -> tuple[MemberPage, MemberPage, MemberPage]:
    """All three, without the skin: it is translucent, and slow to draw in software."""
    for member in (ana, ben, cleo):
        member.lay_out("space")
        member.page.locator('[data-solid="skin"] .eye').click()
    return ana, ben, cleo


def instruct(member: MemberPage, name: str, **rest: object) -> None:
    """Ask the view for something, as a panel does."""
    member.page.evaluate(INSTRUCT, {"name": name, **rest})


def id_of(member: MemberPage) -> str:
    """Return who a page belongs to."""
    return str(member.page.evaluate("window.trame.state.get('me').id"))


def shows(member: MemberPage, text: str) -> None:
    """Wait until a banner or a toast says so."""
    banner = member.page.locator(".cmv-banner, .cmv-toast").filter(has_text=text)
    expect(banner.first).to_be_visible(timeout=PATIENCE_MS)


def press(member: MemberPage, name: str) -> None:
    member.page.get_by_role("button", name=name, exact=True).click()


def only(records: dict[str, Any]) -> str:
    (record_id,) = records
    return record_id


def test_everybody_looks_through_the_presenters_eyes_and_can_leave(
    members: tuple[MemberPage, MemberPage, MemberPage],
) -> None:
    ana, ben, cleo = members
    ana.page.keyboard.press("p")
    for member in (ben, cleo):
        member.wait_for("(id) => window.commissure.following === id", id_of(ana))
    ana.page.keyboard.press("3")
    for member in (ben, cleo):
        member.wait_for(FROM_LEFT)
        shows(member, "Ana Reis presents")
    cleo.page.keyboard.press("1")
    cleo.wait_for("window.commissure.following === null")
    cleo.wait_for(FROM_ANTERIOR)
    press(cleo, "Return to the presenter")
    cleo.wait_for(FROM_LEFT)


def test_the_lead_is_asked_for_and_handed_over(
    members: tuple[MemberPage, MemberPage, MemberPage], screenshots: Path
) -> None:
    ana, ben, cleo = members
    press(ben, "Ask to present")
    shows(ana, "Ben Okoye asks to present")
    take_picture(ana.page, screenshots / "asked-to-present.png")
    press(ana, "Hand over to Ben Okoye")
    shows(ben, "You present")
    ben.page.keyboard.press("1")
    for member in (ana, cleo):
        member.wait_for("(id) => window.commissure.following === id", id_of(ben))
        member.wait_for(FROM_ANTERIOR)
    press(ben, "Stop")
    for member in (ana, cleo):
        member.wait_for("window.commissure.following === null")


def test_a_member_is_followed_until_escape(
    members: tuple[MemberPage, MemberPage, MemberPage],
) -> None:
    ana, _, cleo = members
    instruct(cleo, "follow", member_id=id_of(ana))
    shows(cleo, "You follow Ana Reis")
    cleo.page.keyboard.press("Escape")
    cleo.wait_for("window.commissure.following === null")


def test_a_change_that_replaces_an_unseen_one_is_told_to_both(
    members: tuple[MemberPage, MemberPage, MemberPage], screenshots: Path
) -> None:
    ana, ben, _ = members
    ana.use("Plane cut")
    ana.click_at((20.0, -60.0, -54.0))
    ben.wait_for("Object.keys(window.commissure.view.cuts).length === 1")
    ana.settle()
    cut_id = only(ana.view["cuts"])
    ana.wait_for("window.commissure.handles.some(({ id }) => id === 'offset')")
    with ana.holding("offset", by=(-30, 0)):
        plane = {"origin": [25, 0, 0], "normal": [1, 0, 0]}
        command = {"type": "adjust_cut", "cut_id": cut_id, "plane": plane}
        instruct(ben, "submit", command=command)
        ben.settle()
        revision = ben.probe("revision")
        ana.wait_for("(least) => window.commissure.revision >= least", revision)
    ana.settle()
    shows(ana, "That replaced what Ben Okoye did")
    shows(ben, "That replaced what you did")
    take_picture(ana.page, screenshots / "conflict.png")
    ana.has_same_plan_as(ben)
    ana.page.keyboard.press("Escape")


def test_a_comment_on_the_anatomy_names_somebody_and_is_answered(
    members: tuple[MemberPage, MemberPage, MemberPage], screenshots: Path
) -> None:
    ana, ben, _ = members
    ana.page.keyboard.press("c")
    ana.click_at(ON_THE_SKULL)
    text = ana.page.get_by_label("Text of the comment")
    text.press_sequentially("Keep a rim? @be")
    text.press("Enter")
    text.press("Enter")
    ana.settle()
    (thread,) = ana.view["threads"].values()
    (comment,) = thread["comments"]
    assert (comment["text"], comment["mentions"]) == ("Keep a rim? @Ben Okoye", [id_of(ben)])
    ben.page.get_by_role("button", name="Comment 1 by Ana Reis").click()
    answer = ben.page.get_by_role("combobox", name="Reply")
    answer.fill("Yes, 8 mm.")
    answer.press("Enter")
    ana.sees("Yes, 8 mm.")
    take_picture(ana.page, screenshots / "comment.png")
    press(ana, "Resolve")
    ben.sees("Resolved by Ana Reis")


def test_another_branch_is_shown_without_moving_the_camera_or_the_others(
    members: tuple[MemberPage, MemberPage, MemberPage],
) -> None:
    ana, ben, cleo = members
    ana.page.keyboard.press("v")
    version = {"type": "save_version", "version_id": "new", "name": "As agreed"}
    instruct(ana, "submit", command=version)
    ana.wait_for("Object.keys(window.commissure.view.versions).length === 1")
    ana.settle()
    version_id = only(ana.view["versions"])
    branch = {
        "type": "open_branch",
        "branch_id": "new",
        "name": "Rim kept",
        "version_id": version_id,
    }
    instruct(ana, "submit", command=branch)
    ben.wait_for("Object.keys(window.commissure.view.branches).length === 1")
    before = ben.probe("camera")
    ben.page.get_by_label("Branch of the plan").select_option("Rim kept")
    branch_id = only(ben.view["branches"])
    ben.wait_for("(id) => window.commissure.branch === id", branch_id)
    assert ben.probe("camera") == before
    cut_id = only(ben.view["cuts"])
    plane = {"origin": [40, 0, 0], "normal": [1, 0, 0]}
    instruct(ben, "submit", command={"type": "adjust_cut", "cut_id": cut_id, "plane": plane})
    ben.wait_for("(id) => window.commissure.view.cuts[id].plane.origin[0] === 40", cut_id)
    ana.sees("1 member is on another branch")
    for member in (ana, cleo):
        assert member.probe("branch") == "main"
        assert member.view["cuts"][cut_id]["plane"] != ben.view["cuts"][cut_id]["plane"]


def test_the_plan_is_seen_as_it_was_while_the_others_go_on(
    members: tuple[MemberPage, MemberPage, MemberPage], screenshots: Path
) -> None:
    ana, _, cleo = members
    placed = ana.page.evaluate("window.trame.state.get('activity')")
    revision = next(it["revision"] for it in placed if it["summary"].startswith("placed a plane"))
    cleo.page.keyboard.press("t")
    strip = cleo.page.get_by_role("slider", name="Moment of the history")
    expect(strip).to_be_enabled(timeout=PATIENCE_MS)
    instruct(cleo, "timeline", revision=revision - 1)
    cleo.wait_for("(revision) => window.commissure.past === revision", revision - 1)
    assert (cleo.view["cuts"], cleo.view["threads"]) == ({}, {})
    shows(cleo, f"revision {revision - 1}")
    toolbar = cleo.page.get_by_role("toolbar")
    expect(toolbar.get_by_role("button", name="Plane cut")).to_be_disabled()
    instruct(ana, "submit", command={"type": "send_message", "message_id": "new", "text": "On?"})
    shows(cleo, "1 change since")
    cleo.page.keyboard.press(".")
    cleo.wait_for("(revision) => window.commissure.past === revision", revision)
    assert len(cleo.view["cuts"]) == 1
    take_picture(cleo.page, screenshots / "past.png")
    press(cleo, "Back to now")
    cleo.wait_for("window.commissure.past === null")
    cleo.has_same_plan_as(ana)


def test_no_page_had_a_fault(members: tuple[MemberPage, MemberPage, MemberPage]) -> None:
    assert [member.faults for member in members] == [[], [], []]
