from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sessions.audit.records import AuditEvent, Kind
from tests.sessions.audit.events import NOW_MS, event
from workspace.audit.refusals import MAX_WINDOWS, RefusalTally

HOUR_MS = 3_600_000


def refusal(at_ms: int, member: str = "a1") -> AuditEvent:
    it = event(Kind.REFUSED, at_ms=at_ms)
    return replace(it, actor=replace(it.actor, member=member))


def noted(refusals: list[AuditEvent]) -> list[AuditEvent]:
    """Return what is noted of refusals by a server that looks at the tally every second."""
    tally, told = RefusalTally(), []
    looked_ms = refusals[0].at_ms
    for it in refusals:
        while looked_ms + 1000 <= it.at_ms:
            looked_ms += 1000
            told += tally.due(looked_ms)
        first = tally.take(it)
        told += [] if first is None else [first]
    return told + tally.due(float("inf"))


def test_a_single_refusal_is_noted_at_once_and_once() -> None:
    tally = RefusalTally()
    assert tally.take(refusal(NOW_MS)) == refusal(NOW_MS)
    assert tally.due(NOW_MS + 1000) == []
    assert len(tally) == 0


def test_those_of_the_same_second_are_one_entry_with_their_number() -> None:
    told = noted([refusal(NOW_MS + number) for number in range(50)])
    assert [it.count for it in told] == [1, 49]


def test_a_flood_of_an_hour_is_some_seventy_entries_and_counts_all() -> None:
    flood = [refusal(NOW_MS + at_ms) for at_ms in range(0, HOUR_MS, 100)]
    told = noted(flood)
    assert len(told) < 75
    assert sum(it.count for it in told) == len(flood)


def test_a_naive_list_of_refusals_grows_with_the_flood() -> None:
    flood = [refusal(NOW_MS + at_ms) for at_ms in range(0, HOUR_MS, 100)]
    assert len(list(flood)) == 36_000 > 100 * len(noted(flood))


def test_what_differs_in_kind_or_reason_is_never_one_entry() -> None:
    locked = replace(refusal(NOW_MS), kind=Kind.ACCOUNT_LOCKED)
    malformed = replace(refusal(NOW_MS), reason="malformed")
    assert [it.count for it in noted([refusal(NOW_MS), locked, malformed])] == [1, 1, 1]


def test_members_are_counted_each_on_their_own() -> None:
    told = noted([refusal(NOW_MS, "a1"), refusal(NOW_MS, "b2"), refusal(NOW_MS + 1, "a1")])
    assert sorted((it.actor.member, it.count) for it in told) == [("a1", 1), ("a1", 1), ("b2", 1)]


def test_more_members_than_there_is_memory_for_share_a_window() -> None:
    tally = RefusalTally()
    for number in range(MAX_WINDOWS + 500):
        tally.take(refusal(NOW_MS, f"m{number}"))
    assert len(tally) == MAX_WINDOWS + 1
    (shared,) = tally.due(NOW_MS + 1000)
    assert (shared.actor.member, shared.count) == ("", 499)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90_000), st.sampled_from("abc")), min_size=1, max_size=120)
)
def test_every_refusal_is_counted_once(refusals: list[tuple[int, str]]) -> None:
    asked = [refusal(NOW_MS + at_ms, member) for at_ms, member in sorted(refusals)]
    told = noted(asked)
    for member in "abc":
        count = sum(it.actor.member == member for it in asked)
        assert sum(it.count for it in told if it.actor.member == member) == count
