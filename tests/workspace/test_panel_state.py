from imaging.space import RigidTransform
from sessions.eventlog import MemoryLog
from sessions.plan.commands import MoveFragment
from sessions.plan.records import FragmentId, OperationId, Plan
from sessions.plan.view import view_of
from sessions.room import Room
from tests.sessions.scene import ANA, Ticking, counted, furnish, measure, pieces, pin, place
from workspace.binders.panel_state import panel_state


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
    assert state["casefile"] == {"title": "New case", "facts": [], "warnings": []}
    assert state["solids"] == state["notes"] == state["provenance"] == []


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
    assert skull["made"] == "bone 1 · lower_hu 250"
    provenance = next(iter(room.plan.segments.values())).provenance
    assert skull["made_by"].startswith(f"{provenance.author} · {provenance.created_at[:10]}, ")
    assert state["measurements"][0]["length"] == "49.3"  # 45.2 mm, one end moved by (3, 4)


async def test_the_latest_activity_comes_first_and_names_who_did_it() -> None:
    room = await worked_in()
    rows = panel_state(room.view(), room.activity(50), room.revision)["activity"]
    await room.close()
    assert rows[0]["who"] == "Ana"
    assert rows[-1]["who"] == "Commissure"
    assert rows[0]["revision"] > rows[-1]["revision"]
    assert rows[0]["at"].endswith(" UTC")


async def test_text_of_members_stays_what_it_is() -> None:
    room = await furnished()
    await room.submit(ANA, OperationId("x"), pin(text="{{alert(1)}}<img src=x>"))
    rows = panel_state(room.view(), (), 0)["notes"]
    await room.close()
    assert rows[0]["text"] == "{{alert(1)}}<img src=x>"
