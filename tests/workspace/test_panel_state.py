from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from imaging.space import RigidTransform
from sessions.eventlog import MemoryLog
from sessions.plan.commands import EditSegment, LockRecord, MoveFragment, OpenThread, PlaceMarkup
from sessions.plan.records import (
    MAIN,
    AboutPoint,
    AboutRecord,
    Anchor,
    CommentId,
    ControlPoint,
    FragmentId,
    MarkupId,
    OperationId,
    Plan,
    RecordRef,
    SegmentId,
    SolidId,
    ThreadId,
)
from sessions.plan.view import View, view_of
from sessions.protocol import Activity
from sessions.room import Room
from tests.sessions.scene import ANA, SOURCE, Ticking, counted, furnish, measure, pieces, pin, place
from workspace.binders.activity_rows import Latest
from workspace.binders.panel_state import PanelState

PLANE = RecordRef(kind="cut", record_id="c1")
PROPERTIES = ("owner", "group", "status", "code")


def panel_state(
    view: View, activity: Iterable[Activity], revision: int, latest: Latest | None = None
) -> dict[str, Any]:
    return PanelState().of(view, activity, revision, latest)


async def furnished() -> Room:
    return await furnish(await Room.over(MemoryLog(), "theatre", clock=Ticking(), new_id=counted()))


async def worked_in() -> Room:
    room = await furnished()
    await room.submit(ANA, OperationId("place"), place())
    await room.submit(ANA, OperationId("pin"), pin())
    await room.submit(ANA, OperationId("measure"), measure())
    await room.record(ANA, OperationId("cut"), pieces())
    moved = MoveFragment(
        fragment_id=FragmentId("c1+"), transform=RigidTransform(translation_mm=(0, 3, 4))
    )
    await room.submit(ANA, OperationId("move"), moved)
    return room


async def test_an_empty_plan_is_a_new_case() -> None:
    state = panel_state(view_of(Plan()), (), 0)
    assert (state["casefile"]["title"], state["casefile"]["known"]) == ("", False)
    assert not any(state[key] for key in ("solids", "cuts", "measures", "notes", "provenance"))


async def test_fragments_follow_their_segment_one_level_deeper() -> None:
    room = await worked_in()
    rows = panel_state(room.view(), (), 0)["solids"]
    await room.close()
    assert [(row["id"], row["depth"], row["leaf"]) for row in rows] == [
        ("skull", 0, False),
        ("c1+", 1, True),
        ("c1-", 1, True),
        ("brain", 0, True),
    ]


async def test_numbers_become_text_with_their_units() -> None:
    room = await worked_in()
    state = panel_state(room.view(), room.activity(50), room.revision)
    await room.close()
    skull, moved, still, _ = state["solids"]
    assert (skull["volume"], skull["area"], skull["triangles"]) == ("365.3", "800.0 cm²", "1,000")
    assert (moved["moved"], still["moved"]) == ("5.0 mm · 0.0°", "")
    assert (skull["made"], moved["made"]) == ("bone 1 · lower_hu 250", skull["made"])
    provenance = next(iter(room.plan.segments.values())).provenance
    assert (skull["made_by"], skull["made_at"]) == (provenance.author, provenance.created_at)
    distance = state["measures"][0]["values"][0]
    assert distance == {"name": "length", "text": "49.3 mm"}  # 45.2 mm, one end moved by (3, 4)


@pytest.mark.parametrize(
    ("thickness_mm", "told"),
    [(1.0, "1.0 mm"), (0.625, "0.625 mm"), (2.5, "2.5 mm"), (None, "")],
)
def test_slices_are_as_thick_as_the_images_say(thickness_mm: float | None, told: str) -> None:
    source = replace(SOURCE, slice_thickness_mm=thickness_mm)
    facts = panel_state(view_of(Plan(source=source)), (), 0)["casefile"]
    assert facts["thickness"] == told


async def test_the_latest_activity_comes_first_and_names_who_did_it() -> None:
    room = await worked_in()
    rows = panel_state(room.view(), room.activity(50), room.revision)["activity"]
    await room.close()
    assert rows[0]["who"] == "Ana"
    assert rows[-1]["who"] == "Commissure"
    assert rows[0]["revision"] > rows[-1]["revision"]
    assert rows[0]["at"].endswith("Z")


async def test_what_happened_leads_to_the_record_it_was_done_to_last() -> None:
    room = await worked_in()
    latest = room.state.line(MAIN).ledger.latest
    rows = panel_state(room.view(), room.activity(50), room.revision, latest)["activity"]
    await room.close()
    found = [(row["kind"], row["record_id"], row["cut"]) for row in rows if row["who"] == "Ana"]
    assert found == [
        ("fragment", "c1+", False),
        ("fragment", "c1-", True),
        ("measurement", "m1", False),
        ("note", "n1", False),
        ("cut", "c1", False),  # was placed then, and cut later
    ]


async def test_fragments_have_owner_group_and_status_of_their_segment() -> None:
    room = await worked_in()
    edited = EditSegment(
        segment_id=SegmentId("skull"), owner="B", group="Bone", status="flagged", code="272673000"
    )
    await room.submit(ANA, OperationId("edit"), edited)
    rows = panel_state(room.view(), (), 0)["solids"]
    await room.close()
    expected = ("B", "Bone", "flagged", "272673000")
    assert {tuple(row[key] for key in PROPERTIES) for row in rows[:3]} == {expected}


async def test_what_did_not_change_is_the_same_object() -> None:
    room = await worked_in()
    panels = PanelState()
    before = panels.of(room.view(), room.activity(50), room.revision)
    await room.submit(ANA, OperationId("pin-again"), pin("n2"))
    after = panels.of(room.view(), room.activity(50), room.revision)
    assert after == panel_state(room.view(), room.activity(50), room.revision)
    await room.close()
    changed = {key for key, of in after.items() if of is not before[key]}
    assert changed == {"notes", "activity", "revision"}


async def test_a_thread_is_about_a_record_or_what_carries_its_point() -> None:
    room = await worked_in()
    about = RecordRef(kind="segment", record_id="brain")
    anchor = Anchor(solid_id=SolidId("skull"), point_mm=(0.0, 0.0, 10.0))
    subjects: tuple[AboutRecord | AboutPoint, ...] = (
        AboutRecord(ref=about),
        AboutPoint(anchor=anchor),
    )
    for number, it in enumerate(subjects):
        opened = OpenThread(
            thread_id=ThreadId(f"t{number}"), comment_id=CommentId("c"), about=it, text="why?"
        )
        await room.submit(ANA, OperationId(f"open-{number}"), opened)
    on = {row["id"]: row["on"] for row in panel_state(room.view(), (), 0)["threads"]}
    await room.close()
    assert on == {"t0": ["brain"], "t1": ["skull", "c1+"]}


async def test_a_markup_shows_its_figures_with_their_uncertainty() -> None:
    room = await furnished()
    points = tuple(
        ControlPoint(point_mm=(x, 0.0, 0.0), solid_id=SolidId("skull")) for x in (0.0, 30.0)
    )
    line = PlaceMarkup(markup_id=MarkupId("k1"), kind="line", points=points)
    await room.submit(ANA, OperationId("line"), line)
    row = panel_state(room.view(), (), 0)["measures"][0]
    await room.close()
    assert (row["kind"], row["form"], row["pending"], row["problem"]) == (
        "markup",
        "line",
        False,
        "",
    )
    assert row["values"][0]["text"].startswith("30.0 ± 0.")


async def test_a_gap_is_pending_until_it_was_computed() -> None:
    room = await furnished()
    gap = PlaceMarkup(
        markup_id=MarkupId("g1"), kind="gap", solid_ids=(SolidId("skull"), SolidId("brain"))
    )
    await room.submit(ANA, OperationId("gap"), gap)
    row = panel_state(room.view(), (), 0)["measures"][0]
    await room.close()
    assert (row["pending"], row["values"]) == (True, ())


async def test_locks_are_named_as_the_pages_look_for_them() -> None:
    """`lockKey` in ``holding.ts``."""
    room = await worked_in()
    for number, ref in enumerate((RecordRef(kind="segment", record_id="brain"), PLANE)):
        await room.submit(ANA, OperationId(f"lock-{number}"), LockRecord(ref=ref))
    locks = panel_state(room.view(), (), 0)["locks"]
    await room.close()
    assert {key: row["who"] for key, row in locks.items()} == {
        "solid:brain": "Ana",
        "cut:c1": "Ana",
    }


async def test_text_of_members_stays_what_it_is() -> None:
    room = await furnished()
    await room.submit(ANA, OperationId("x"), pin(text="{{alert(1)}}<img src=x>"))
    rows = panel_state(room.view(), (), 0)["notes"]
    await room.close()
    assert rows[0]["text"] == "{{alert(1)}}<img src=x>"
