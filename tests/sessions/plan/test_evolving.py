"""Evolution takes anything; the view of whatever comes out can be shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform
from sessions.plan.codec import FIRST_PREVIOUS_HASH, canonical, seal, state_hash
from sessions.plan.events import CutReverted, Entry, PlanEvent
from sessions.plan.evolving import evolve, evolve_all
from sessions.plan.records import MemberId, OperationId, Plan
from sessions.plan.summaries import summary_of
from sessions.plan.view import changes_between, view_of
from sessions.state import State, advance
from tests.sessions.deciding import after, halved
from tests.sessions.random_events import events
from tests.sessions.scene import NEGATIVE, POSITIVE, SKULL, measure, move, pin


@settings(deadline=None, max_examples=60)
@given(st.lists(events, max_size=25))
def test_no_event_breaks_a_plan_its_view_or_its_ledger(happened: list[PlanEvent]) -> None:
    """P20."""
    state = State()
    for revision, event in enumerate(happened, start=1):
        assert summary_of(state.plan, (event,))
        entry = Entry(
            revision=revision,
            operation_id=OperationId(f"op{revision}"),
            member_id=MemberId("ana"),
            at="",
            events=(event,),
            undoes=OperationId(f"op{revision // 2}") if revision % 5 == 0 else None,
            previous_hash=state.head_hash,
            hash="",
        )
        before, state = state.plan, advance(state, seal(entry)).state
        shown = view_of(state.plan)
        assert canonical(shown)
        changed = view_of(before)
        for change in changes_between(before, state.plan):
            if change.value is None:
                del changed[change.kind][change.id]
            else:
                changed[change.kind][change.id] = change.value
        assert changed == shown
    assert state.head_hash == FIRST_PREVIOUS_HASH or happened


@settings(deadline=None, max_examples=40)
@given(st.lists(events, max_size=25))
def test_evolving_changes_no_plan_in_place(happened: list[PlanEvent]) -> None:
    """P20."""
    plan = Plan()
    for event in happened:
        before = state_hash(plan)
        later = evolve(plan, event)
        assert state_hash(plan) == before
        plan = later


def test_joining_fragments_pins_what_was_on_them_to_what_they_came_from(plan: Plan) -> None:
    """P21."""
    whole = after(halved(plan), pin("n1", POSITIVE), pin("n2"), measure(solid_id=NEGATIVE))
    pieces = (whole.fragments[POSITIVE], whole.fragments[NEGATIVE])
    joined = evolve_all(whole, [CutReverted(cut_id=pieces[0].cut_id, fragments=pieces)])
    assert not joined.fragments
    assert {note.anchor.solid_id for note in joined.notes.values()} == {SKULL}
    (measurement,) = joined.measurements.values()
    assert (measurement.start.solid_id, measurement.end.solid_id) == (SKULL, SKULL)


def test_the_order_of_insertion_plays_no_part_in_the_hash(plan: Plan) -> None:
    """L1."""
    one = after(plan, pin("n1"), pin("n2"))
    other = after(plan, pin("n2"), pin("n1"))
    assert list(one.notes) != list(other.notes)
    assert state_hash(one) == state_hash(other)


def test_no_float_is_rounded(plan: Plan) -> None:
    """L1."""
    plan = halved(plan)
    shifts = [0.1 + 0.2, 0.3]
    one, other = (
        after(plan, move(RigidTransform(translation_mm=(shift, 0, 0)))) for shift in shifts
    )
    assert state_hash(one) != state_hash(other)
