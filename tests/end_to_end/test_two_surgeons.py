"""The main job: two surgeons, one room, a rehearsed cut; nothing acknowledged is ever lost.

The tests are one story and run in order; each can rely on what the ones before left in the room.
"""

import math
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TOWARDS_ANA = (0.0, -66.0, -54.0)
"""On the front of twin A's skull, seen from anterior."""
DISTANCE_FROM = (-25.0, -61.0, -54.0)
DISTANCE_TO = (-25.0, -61.0, 54.0)

HAS_NOTE = "(text) => Object.values(window.commissure.view.notes).some((it) => it.text === text)"
"""Cards of notes give way to the tools in hand."""


def test_both_links_open_the_same_anatomy(ana: MemberPage, ben: MemberPage) -> None:
    for member in (ana, ben):
        member.lay_out("space")
    assert set(ana.view["segments"]) == set(ben.view["segments"]) >= {"bone", "skin"}
    solids = ana.probe("solids")
    assert all(solid["triangles"] > 1000 for solid in solids.values())
    ana.has_same_plan_as(ben)
    expect(ana.page.locator("#avatars .cm-avatar")).to_have_count(2, timeout=PATIENCE_MS)


def test_camera_visibility_and_tool_are_each_members_own(ana: MemberPage, ben: MemberPage) -> None:
    ben.page.keyboard.press("3")
    ben.wait_for("Math.abs(window.commissure.camera.direction[1]) < 0.5")
    assert abs(ana.probe("camera.direction[1]")) == pytest.approx(1)
    for member in (ana, ben):
        member.page.locator('[data-solid="skin"] .eye').click()
        member.wait_for("!window.commissure.solids.skin.visible")
    ben.page.locator('[data-solid="skin"] .eye').click()
    ben.wait_for("window.commissure.solids.skin.visible")
    assert not ana.probe("solids.skin.visible")
    ben.page.locator('[data-solid="skin"] .eye').click()
    ana.use("Measure")
    assert (ana.probe("tool"), ben.probe("tool")) == ("measure", "select")
    ben.page.keyboard.press("1")
    ben.wait_for("Math.abs(window.commissure.camera.direction[1]) > 0.99")


def test_a_note_is_seen_by_the_other_with_its_author(ana: MemberPage, ben: MemberPage) -> None:
    ana.use("Note")
    ana.click_at(TOWARDS_ANA)
    ana.page.get_by_label("Text of the note").fill("Keep this {{ rim }} <b>for the flap</b>")
    ana.page.keyboard.press("Enter")
    ben.sees("Keep this {{ rim }} <b>for the flap</b>")
    ben.sees("Ana Reis")
    (note,) = ben.view["notes"].values()
    assert note["author_name"] == "Ana Reis"
    assert note["world_mm"][2] == pytest.approx(TOWARDS_ANA[2], abs=1.0)


def test_a_distance_is_measured_in_mm_and_shared(ana: MemberPage, ben: MemberPage) -> None:
    ben.use("Measure")
    ben.click_at(DISTANCE_FROM)
    ben.click_at(DISTANCE_TO)
    ana.wait_for("Object.keys(window.commissure.view.markups).length === 1")
    (line,) = ana.view["markups"].values()
    (length,) = (it["value"] for it in line["values"])
    assert length == pytest.approx(math.dist(*line["world_points"]))
    assert length == pytest.approx(108, abs=1.0)
    ana.sees(f"{length:.1f} ±")


def test_each_sees_the_others_cursor_and_name(ana: MemberPage, ben: MemberPage) -> None:
    ana.use("Select")
    ana.point_at((10.0, -66.0, -50.0))
    expect(ben.page.locator(".cmv-pane-3d .cmv-cursor").get_by_text("Ana Reis")).to_be_visible(
        timeout=PATIENCE_MS
    )


def test_a_placed_plane_is_previewed_by_both_and_shifted_by_dragging(
    ana: MemberPage, ben: MemberPage
) -> None:
    ana.use("Plane cut")
    ana.click_at((20.0, -60.0, -54.0))
    ben.wait_for("Object.keys(window.commissure.view.cuts).length === 1")
    ana.settle()
    ana.wait_for("window.commissure.section !== null")
    section = ana.probe("section")
    whole = ana.view["segments"]["bone"]["surface"]["volume_ml"]
    assert section["positive_ml"] + section["negative_ml"] == pytest.approx(whole, rel=1e-4)
    (before,) = ana.view["cuts"].values()
    shift = next(h["id"] for h in ana.probe("handles") if "shift" in h["id"] or "offset" in h["id"])
    ana.drag_handle(shift, by=(-40, 0))
    ana.settle()
    (after,) = ana.view["cuts"].values()
    assert after["plane"]["origin"] != before["plane"]["origin"]
    ana.has_same_plan_as(ben)


def test_a_cut_makes_two_closed_fragments_that_add_up(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    expected = ana.probe("section")
    take_picture(ana.page, screenshots / "plane.png")
    ana.page.get_by_label("Plane cut").get_by_role("button", name="Cut", exact=True).click()
    ben.wait_for("Object.keys(window.commissure.view.fragments).length === 2")
    ben.wait_for("window.commissure.ready")
    fragments = ben.view["fragments"].values()
    whole = ben.view["segments"]["bone"]["surface"]["volume_ml"]
    assert all(fragment["surface"]["watertight"] for fragment in fragments)
    volumes = {fragment["side"]: fragment["surface"]["volume_ml"] for fragment in fragments}
    assert sum(volumes.values()) == pytest.approx(whole, rel=1e-6)
    assert volumes["positive"] == pytest.approx(expected["positive_ml"], rel=1e-3)
    ben.sees("cut Bone into 2 fragments")
    ana.has_same_plan_as(ben)


def test_a_fragment_moved_by_one_is_moved_for_the_other(ana: MemberPage, ben: MemberPage) -> None:
    fragment_id = next(iter(ben.view["fragments"]))
    ben.use("Move")
    ben.page.locator(f'[data-solid="{fragment_id}"] .cm-name').click()
    ben.page.get_by_label("mm towards superior").fill("12.3")
    ben.page.get_by_label("mm towards superior").press("Enter")
    ana.wait_for(
        "(id) => Math.abs(window.commissure.view.fragments[id].moved_mm[2] - 12.3) < 0.01",
        fragment_id,
    )
    ana.has_same_plan_as(ben)
    for member in (ana, ben):
        member.wait_for(
            "(id) => Math.abs(window.commissure.solids[id].matrix[14] - 12.3) < 1e-6", fragment_id
        )


def test_a_fragment_is_moved_by_its_handles(ana: MemberPage, ben: MemberPage) -> None:
    before = {key: row["moved_mm"] for key, row in ana.view["fragments"].items()}
    ben.drag_handle("shift-S", by=(0, -40))
    ben.settle()
    ana.has_same_plan_as(ben)
    after = {key: row["moved_mm"] for key, row in ana.view["fragments"].items()}
    (moved,) = (key for key in after if after[key] != before[key])
    assert after[moved][2] > before[moved][2] + 5
    assert after[moved][:2] == pytest.approx(before[moved][:2], abs=1e-6)


def test_own_undo_takes_back_own_last_act_and_nobody_elses(
    ana: MemberPage, ben: MemberPage
) -> None:
    ana.use("Note")
    ana.click_at((-20.0, -62.0, 60.0))
    ana.page.get_by_label("Text of the note").fill("A second note")
    ana.page.keyboard.press("Enter")
    ben.wait_for(HAS_NOTE, "A second note")
    ben.use("Select")
    moved = {key: row["moved_mm"] for key, row in ben.view["fragments"].items()}
    ben.page.locator("#undo").click()
    ben.settle()
    assert {key: row["moved_mm"] for key, row in ben.view["fragments"].items()} != moved
    assert len(ben.view["notes"]) == 2
    ben.page.locator("#redo").click()
    ben.settle()
    assert {key: row["moved_mm"] for key, row in ben.view["fragments"].items()} == moved
    ana.page.keyboard.press("Escape")
    ana.use("Select")
    ana.page.keyboard.press("Control+z")
    ana.settle()
    ana.has_same_plan_as(ben)
    assert len(ben.view["notes"]) == 1


def test_a_reload_shows_the_same_plan_and_the_same_view(ana: MemberPage, ben: MemberPage) -> None:
    ana.page.keyboard.press("4")
    ana.wait_for("Math.abs(window.commissure.camera.direction[1]) < 0.5")
    camera = ana.probe("camera")
    ana.page.reload()
    ana.wait_until_ready()
    assert ana.probe("camera") == camera
    assert not ana.probe("solids.skin.visible")
    ana.has_same_plan_as(ben)
    ana.page.keyboard.press("1")


def test_what_is_done_while_offline_is_sent_when_the_line_is_back(
    ana: MemberPage, ben: MemberPage
) -> None:
    ben.use("Note")
    ben.context.set_offline(True)  # playwright's own signature
    ben.wait_for("window.commissure.connection === 'lost'")
    ben.click_at((15.0, -63.0, 60.0))
    ben.page.get_by_label("Text of the note").fill("Written without a line")
    ben.page.keyboard.press("Enter")
    assert ben.probe("pending") == 1
    assert len(ana.view["notes"]) == 1
    ben.context.set_offline(False)
    ana.wait_for(HAS_NOTE, "Written without a line")
    ben.wait_until_ready()
    ana.has_same_plan_as(ben)


def test_the_room_looks_right(ana: MemberPage, ben: MemberPage, screenshots: Path) -> None:
    ana.use("Select")
    ben.use("Select")
    for member in (ana, ben):
        member.page.set_viewport_size({"width": 1680, "height": 1000})
        member.lay_out("four")
    ben.point_at((20.0, -60.0, -40.0))
    expect(ana.page.locator(".cmv-pane-3d .cmv-cursor")).to_have_count(1, timeout=PATIENCE_MS)
    for step in ("case", "segment", "model", "rehearse", "archive", "plan"):
        ana.step(step)
        take_picture(ana.page, screenshots / f"step-{step}.png")
    take_picture(ben.page, screenshots / "ben.png")
    for member in (ana, ben):
        member.lay_out("space")
    assert (screenshots / "step-plan.png").stat().st_size > 50_000
    assert ana.faults == []
    assert ben.faults == []


def test_a_server_killed_in_mid_edit_loses_nothing_that_was_acknowledged(
    ana: MemberPage, ben: MemberPage, server: ServerProcess
) -> None:
    before = ana.view
    ana.use("Note")
    ana.click_at((-10.0, -64.0, -40.0))
    ana.page.get_by_label("Text of the note").fill("Sent into the crash")
    for member in (ana, ben):  # each page loads anew once its server is back
        member.page.evaluate("window.fromBefore = true")
    server.kill()
    ana.page.keyboard.press("Enter")
    ana.wait_for("window.commissure.connection === 'lost'")
    server.serve_again()
    for member in (ana, ben):
        member.wait_for("!window.fromBefore")
        member.wait_until_ready()
    ana.settle()
    ben.sees("Sent into the crash")
    ana.has_same_plan_as(ben)
    after = ana.view
    for kind in ("segments", "fragments", "cuts", "markups", "members"):
        assert after[kind] == before[kind]
    assert set(before["notes"]) < set(after["notes"])
    assert ana.faults == []
