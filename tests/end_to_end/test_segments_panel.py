"""The lists beside the anatomy, used by two members and looked at by a third.

The tests are one story and run in order; each can rely on what the ones before left in the room.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

HOSTILE = "<b>Skull</b> {{ 7 * 6 }}"

TOO_WIDE = """
() => [...document.querySelectorAll('.cm-side, .cm-side *, .cm-top, .cm-rail *')]
  .filter((it) => {
    const box = it.closest('.cm-side, .cm-top, .cm-rail').getBoundingClientRect();
    const own = it.getBoundingClientRect();
    return own.width > 0 && (own.right > box.right + 1 || own.left < box.left - 1);
  })
  .map((it) => `${it.tagName}.${it.className}`)
"""
"""What reaches beyond the panel that it stands in."""

ONLY_SKIN = "window.commissure.solids.skin.visible && !window.commissure.solids.bone.visible"
COLOUR_OF_BONE = "window.commissure.solids.bone.colour.map((part) => Math.round(part * 255)).join()"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A room on a coarse phantom: three pages draw it in software on two cores."""
    series = tmp_path_factory.mktemp("coarse") / "series"
    write_series(craniopagus(), series, Acquisition(spacing_mm=(4.0, 4.0, 4.0)))
    process = ServerProcess.open_case(
        tmp_path_factory.mktemp("panels"), series, "--title", "Craniopagus phantom"
    )
    yield process
    process.stop()


def row(member: MemberPage, solid_id: str) -> Locator:
    return member.page.locator(f'[data-solid="{solid_id}"]')


def inspector(member: MemberPage) -> Locator:
    return member.page.locator("#inspector")


def shows(place: Locator, text: str) -> None:
    expect(place.get_by_text(text, exact=True).first).to_be_visible(timeout=PATIENCE_MS)


def choose(member: MemberPage, label: str, option: str) -> None:
    inspector(member).get_by_label(label, exact=True).select_option(option)


def write(member: MemberPage, label: str, text: str) -> None:
    """Give a value of the inspector, as a hand does: type, then Enter."""
    place = inspector(member).get_by_label(label, exact=True)
    place.fill(text)
    place.press("Enter")


def nothing_is_too_wide(member: MemberPage) -> None:
    assert member.page.evaluate(TOO_WIDE) == []


def test_hidden_segments_stay_listed_and_are_counted(ana: MemberPage, ben: MemberPage) -> None:
    row(ana, "skin").locator(".eye").click()
    shows(row(ana, "skin"), "hidden")
    shows(ana.page.locator("#segments"), "1 hidden")
    ana.wait_for("!window.commissure.solids.skin.visible && window.commissure.solids.bone.visible")
    row(ben, "skin").locator(".eye").click()
    expect(ben.page.locator("#hidden-count")).to_have_text("1 hidden", timeout=PATIENCE_MS)


def test_one_segment_is_shown_alone_and_all_again(ana: MemberPage) -> None:
    solo = ana.page.get_by_role("button", name="Show Skin alone")
    solo.click()
    ana.wait_for(ONLY_SKIN)
    expect(solo).to_have_attribute("aria-pressed", "true")
    solo.click()
    expect(ana.page.locator("#hidden-count")).to_have_count(0)
    row(ana, "bone").locator(".cm-name").dblclick()
    ana.wait_for("!window.commissure.solids.skin.visible && window.commissure.solids.bone.visible")
    ana.page.get_by_role("button", name="Hide all", exact=True).click()
    expect(ana.page.locator("#hidden-count")).to_have_text("2 hidden", timeout=PATIENCE_MS)
    row(ana, "bone").locator(".eye").click()


def test_what_one_changes_of_a_segment_the_other_sees(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    """A name with markup in it is a name."""
    row(ana, "bone").locator(".cm-name").click()
    write(ana, "Name", HOSTILE)
    shows(row(ben, "bone"), HOSTILE)
    choose(ana, "Owner", "B")
    expect(row(ben, "bone").get_by_label("Twin B")).to_be_visible(timeout=PATIENCE_MS)
    choose(ana, "Status", "completed")
    shows(row(ben, "bone"), "Completed")
    write(ana, "Group", "Hard tissue")
    ben.wait_for("window.commissure.view.segments.bone.group === 'Hard tissue'")
    inspector(ana).get_by_label("Colour", exact=True).fill("#3366cc")
    ben.wait_for(f"{COLOUR_OF_BONE} === '51,102,204'")
    ana.has_same_plan_as(ben)
    take_picture(ana.page, screenshots / "segments-inspector.png")
    write(ana, "Name", "Skull")
    shows(row(ben, "bone"), "Skull")


def test_a_name_is_sent_once_and_what_is_typed_is_seen_as_being_edited(
    ana: MemberPage, ben: MemberPage
) -> None:
    before = ana.probe("revision")
    place = inspector(ana).get_by_label("Name", exact=True)
    place.fill("")
    place.press_sequentially("Skull of both")
    shows(row(ben, "bone"), "Ana edits")
    assert place.input_value() == "Skull of both"
    assert ana.probe("revision") == before
    place.press("Escape")
    expect(row(ben, "bone").get_by_text("Ana edits")).to_have_count(0, timeout=PATIENCE_MS)
    assert ben.view["segments"]["bone"]["name"] == "Skull"


def test_segments_stand_under_their_owner_or_group(ben: MemberPage, screenshots: Path) -> None:
    grouping = ben.page.get_by_label("Group the segments")
    groups = ben.page.locator("[data-group] b")
    expect(groups).to_have_text(["Twin B", "Undecided"], timeout=PATIENCE_MS)
    take_picture(ben.page, screenshots / "segments-by-owner.png")
    grouping.select_option("group")
    expect(groups).to_have_text(["Hard tissue", "No group"])
    ben.page.get_by_role("button", name="Show only No group").click()
    ben.wait_for(ONLY_SKIN)
    ben.page.get_by_role("button", name="Show only Hard tissue").click()
    ben.wait_for("window.commissure.solids.bone.visible")
    grouping.select_option("flat")
    expect(groups).to_have_count(0)


def test_colours_by_code_are_explained_and_are_those_on_screen(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    row(ana, "bone").locator(".cm-name").click()
    row(ana, "skin").locator(".cm-name").click()
    choose(ana, "Structure", "29092000")
    ben.wait_for("window.commissure.view.segments.skin.code === '29092000'")
    ben.page.get_by_label("Colours", exact=True).select_option("code")
    legend = ben.page.locator("#colour-legend")
    for text in ("Bone", "Vein"):
        shows(legend, text)
    ben.wait_for(f"{COLOUR_OF_BONE} === '241,213,144'")
    ana.wait_for(f"{COLOUR_OF_BONE} === '51,102,204'")
    take_picture(ben.page, screenshots / "segments-by-code.png")
    ben.page.get_by_label("Colours", exact=True).select_option("own")
    ben.wait_for(f"{COLOUR_OF_BONE} === '51,102,204'")


def test_a_locked_segment_is_for_its_holder_and_for_owners(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    row(ben, "skin").locator(".cm-name").click()
    inspector(ana).get_by_role("button", name="Lock").click()
    shows(inspector(ben), "Locked by Ana Reis")
    expect(row(ben, "skin").get_by_label("Locked by Ana Reis")).to_be_visible()
    expect(inspector(ben).get_by_label("Name", exact=True)).to_have_count(0)
    expect(inspector(ben).get_by_role("button", name="Unlock")).to_have_count(0)
    take_picture(ben.page, screenshots / "segments-locked.png")
    inspector(ana).get_by_role("button", name="Unlock").click()
    inspector(ben).get_by_role("button", name="Lock").click()
    shows(inspector(ana), "Locked by Ben Okoye")
    inspector(ana).get_by_role("button", name="Unlock").click()
    expect(inspector(ben).get_by_label("Name", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def test_what_is_said_about_a_segment_stands_in_its_inspector(
    ana: MemberPage, ben: MemberPage
) -> None:
    said = inspector(ben).get_by_placeholder("Say something about it")
    said.fill("Is this the ring?")
    said.press("Enter")
    shows(inspector(ana), "Is this the ring?")


def test_what_happened_is_listed_and_leads_to_what_it_was_done_to(
    ben: MemberPage, screenshots: Path
) -> None:
    ben.page.keyboard.press("Escape")
    ben.page.locator("#tab-activity").click()
    ben.page.get_by_label("Whose activity").select_option(label="Ana Reis")
    entries = ben.page.locator("[data-activity]")
    expect(entries.first).to_contain_text("Ana Reis", timeout=PATIENCE_MS)
    take_picture(ben.page, screenshots / "activity.png")
    entries.filter(has_text="Skull").first.click()
    ben.wait_for("window.commissure.selectedId === 'bone'")


def test_a_click_on_an_avatar_follows_and_another_one_leaves(
    ana: MemberPage, ben: MemberPage
) -> None:
    avatar = ana.page.locator("#avatars").get_by_role("button", name="Ben Okoye")
    avatar.click()
    ana.wait_for("window.commissure.following !== null")
    expect(avatar).to_have_class("cm-avatar followed", timeout=PATIENCE_MS)
    avatar.click()
    ana.wait_for("window.commissure.following === null")
    avatar.press("ArrowDown")
    menu = ana.page.locator("#avatars").get_by_role("group", name="Ben Okoye")
    for act in ("Follow", "Jump to their view", "Hand the view over"):
        expect(menu.get_by_role("button", name=act)).to_be_visible(timeout=PATIENCE_MS)
    expect(menu.get_by_label("Role")).to_have_value("surgeon")
    ana.page.mouse.click(600, 20)
    expect(menu).to_have_count(0)
    assert ben.faults == []


def test_measures_say_how_to_make_one_and_steps_too(ana: MemberPage, screenshots: Path) -> None:
    ana.page.locator("#tab-measures").click()
    shows(ana.page.locator("#measures"), "Skin")
    take_picture(ana.page, screenshots / "measures.png")
    nothing_is_too_wide(ana)
    ana.page.locator("#tab-steps").click()
    ana.sees("No plane placed. Choose Plane cut, then click on the anatomy.")
    nothing_is_too_wide(ana)


def test_nothing_reaches_beyond_its_panel_at_1280_by_720(ana: MemberPage) -> None:
    for step in ("case", "segment", "model", "rehearse", "archive", "talk", "versions", "plan"):
        ana.step(step)
        nothing_is_too_wide(ana)
    for tab in ("segments", "measures", "steps", "activity"):
        ana.page.locator(f"#tab-{tab}").click()
        nothing_is_too_wide(ana)


def test_no_page_had_a_fault(ana: MemberPage, ben: MemberPage) -> None:
    assert ana.faults == ben.faults == []


def test_an_observer_sees_the_lists_and_no_control(
    browser: Browser, ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    """The others leave first: three pages drawn in software wait for each other."""
    ana.page.locator("#invite").click()
    ana.page.get_by_label("Role", exact=True).select_option("observer")
    ana.page.get_by_role("button", name="Make a link").click()
    link = ana.page.get_by_label("Link for observer", exact=True).input_value()
    ana.page.get_by_role("button", name="Close", exact=True).click()
    for member in (ana, ben):
        member.page.goto("about:blank")
    cleo = MemberPage.join(browser, link, "Cleo Lind")
    row(cleo, "bone").locator(".cm-name").click()
    shows(inspector(cleo), "Completed")
    for control in ("input", "select", "form"):
        expect(inspector(cleo).locator(control)).to_have_count(0)
    expect(inspector(cleo).get_by_role("button", name="Lock")).to_have_count(0)
    take_picture(cleo.page, screenshots / "segments-observer.png")
    cleo.close()
