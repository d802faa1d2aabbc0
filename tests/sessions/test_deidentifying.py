"""A log that is given away names nobody, and adds up to the same plan otherwise."""

import asyncio
import io
from collections.abc import Iterator, Sequence
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sessions.archive import export_entries, import_entries
from sessions.deidentifying import deidentified
from sessions.plan import disguising
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.commands import RequestReview, SaveVersion, SendMessage, SignVersion
from sessions.plan.content import content_hash
from sessions.plan.disguising import Vocabulary
from sessions.plan.events import CaseEvent, Entry, PlanningEvent, TalkEvent, VersionEvent
from sessions.plan.figures import measured
from sessions.plan.records import MAIN, MessageId, OperationId, Plan, VersionId, VersionState
from sessions.state import State, replay
from tests.sessions.scene import ANA, BEN, pin
from tests.sessions.strategies import Wish, wishes
from tests.sessions.test_laws import new_room, play

CANARY = "Zo-Canary_"
YEAR = "1907"

VOCABULARY = Vocabulary(
    engines=frozenset({"bone"}), names=frozenset({"Skull"}), codes=frozenset({"89546000"})
)

_WORDS = frozenset(
    {
        *("type", "kind", "field", "side", "role", "owner", "state", "colour"),
        *("subject", "basis", "unit", "status"),
    }
)
_TYPED = frozenset({"name", "code", "group"})
"""Properties of a segment that are somebody's words."""
_HASHES = frozenset({"sha256", "content_hash", "hash", "previous_hash"})
_ALSO: dict[str, object] = {
    "acquired_on": f"{YEAR}-05-12",
    "parameters": {f"{CANARY}key": 4711, "path": f"{CANARY}file"},
    "warnings": [[f"{CANARY}code", f"{CANARY}message"]],
}
"""What rooms of tests have none of."""
_TIMES = frozenset({"at", "created_at", "edited_at", "received_at"})


def marked(value: object, key: str = "") -> object:
    """Return the JSON of an entry with canaries in every text that is no word of our own."""
    if key in _ALSO:
        return _ALSO[key]
    if isinstance(value, dict):
        of_a_word = value.get("type") == "segment_edited" and value["field"] not in _TYPED
        of_a_role = value.get("type") == "role_changed"
        kept = {"before", "after"} if of_a_word or of_a_role else set()
        return {name: it if name in kept else marked(it, name) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [marked(it, key) for it in value]
    if not isinstance(value, str) or key in _WORDS | _HASHES or value in {"", "main", "system"}:
        return value
    if key in _TIMES:
        return f"{YEAR}{value[4:]}" if value[:2] == "20" else f"{CANARY}{value}"
    return f"{CANARY}{value}"


def with_canaries(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    chained = []
    previous = FIRST_PREVIOUS_HASH
    for entry in entries:
        found = msgspec.convert(marked(msgspec.to_builtins(entry)), Entry)
        chained.append(seal(replace(found, previous_hash=previous)))
        previous = chained[-1].hash
    return tuple(chained)


def archived(entries: Sequence[Entry]) -> bytes:
    return b"".join(export_entries(entries))


def everything_but_names(state: State) -> list[object]:
    """Return what geometry, people's roles, versions and undo are made of, in order."""
    plans = [line.plan for line in state.lines.values()]
    plans += [it.plan for it in state.kept.values()]
    ledgers = [line.ledger for line in state.lines.values()]
    return [
        [_of_a_plan(plan) for plan in plans],
        [[len(own) for own in it.undoable.values()] for it in ledgers],
        [[len(own) for own in it.redoable.values()] for it in ledgers],
        [sorted(len(stack) for stack in it.standing.values()) for it in ledgers],
        state.revision,
    ]


def _of_a_plan(plan: Plan) -> list[object]:
    ends = [(it.start.point_mm, it.end.point_mm) for it in plan.measurements.values()]
    return [
        [(it.surface, it.colour, it.opacity, it.owner) for it in plan.segments.values()],
        [(it.surface, it.transform, it.side) for it in plan.fragments.values()],
        [(it.plane, it.applied) for it in plan.cuts.values()],
        [it.anchor.point_mm for it in plan.notes.values()],
        ends,
        [(it.kind, it.plane, len(it.text) > 0) for it in plan.markups.values()],
        [measured(plan, it).figures for it in plan.markups.values()],
        (plan.clipping and plan.clipping.clipping, plan.frames),
        [it.role for it in plan.members.values()],
        [(it.number, it.state, len(it.signatures)) for it in plan.versions.values()],
        [(len(it.comments), it.resolved_by is None) for it in plan.threads.values()],
        (len(plan.chat), len(plan.locks), len(plan.dismissed), len(plan.branches), plan.edited),
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(wishes, min_size=1, max_size=40))
def test_nothing_that_anybody_typed_is_left_and_the_plan_is_the_same(
    happened: Sequence[Wish],
) -> None:
    """A5."""

    async def law() -> None:
        room = await new_room()
        await play(room, happened)
        given_away = with_canaries(await room.entries())
        await room.close()
        remade = deidentified(given_away, "secret", vocabulary=VOCABULARY)
        content = archived(remade)
        assert CANARY.encode() in archived(given_away)
        assert CANARY.encode() not in content
        assert f"{YEAR}-".encode() not in content
        state = replay(import_entries(io.BytesIO(content)))
        assert everything_but_names(state) == everything_but_names(replay(given_away))
        for version_id, kept in state.kept.items():
            assert state.plan.versions[version_id].content_hash == content_hash(kept.plan)

    asyncio.run(law())


def structs_in(annotation: object, seen: set[type]) -> Iterator[type]:
    """Return every struct that a type is made of."""
    for it in (annotation, *get_args(annotation)):
        if isinstance(it, type) and issubclass(it, msgspec.Struct) and it not in seen:
            seen.add(it)
            yield it
            for hint in get_type_hints(it).values():
                yield from structs_in(hint, seen)
        elif it is not annotation:
            yield from structs_in(it, seen)


def is_text(annotation: object) -> bool:
    """Say whether a field may hold a text of its own."""
    if annotation is str or getattr(annotation, "__supertype__", None) is str:
        return True
    return any(is_text(it) for it in get_args(annotation) if not isinstance(it, str))


def test_every_text_that_a_log_can_hold_has_a_rule() -> None:
    """A5."""
    unions = (Entry, PlanningEvent, TalkEvent, VersionEvent, CaseEvent)
    seen: set[type] = set()
    found = [it for union in unions for it in structs_in(union, seen)]
    assert len(found) > 50
    for struct in found:
        if struct in disguising.SPECIAL:
            continue
        for name, hint in get_type_hints(struct).items():
            if is_text(hint):
                assert name == "name" or name in disguising.RULES, f"{struct.__name__}.{name}"


async def a_signed_room() -> tuple[Entry, ...]:
    room = await new_room()
    await play(room, [Wish(BEN, MAIN, pin("n2", text="mind the sinus"))])
    v = VersionId("final")
    await room.submit(ANA, OperationId("s"), SaveVersion(version_id=v, name="for Jane"))
    await room.submit(ANA, OperationId("r"), RequestReview(version_id=v))
    content = room.plan.versions[v].content_hash
    for member_id in (ANA, BEN):
        signing = SignVersion(version_id=v, content_hash=content)
        await room.submit(member_id, OperationId(f"sign-{member_id}"), signing)
    message = SendMessage(message_id=MessageId("h1"), text="Jane is well")
    await room.submit(BEN, OperationId("m"), message)
    entries = await room.entries()
    await room.close()
    return tuple(entries)


async def test_members_keep_their_roles_and_get_numbers_in_the_order_of_admission() -> None:
    """A6."""
    plan = replay(deidentified(await a_signed_room(), "secret")).plan
    assert [it.name for it in plan.members.values()] == ["Member 1", "Member 2", "Member 3"]
    version = plan.versions[VersionId("version-2")]
    assert version.state is VersionState.APPROVED
    assert [it.name for it in version.signatures] == ["Member 1", "Member 2"]
    assert {it.content_hash for it in version.signatures} == {version.content_hash}


async def test_the_first_entry_is_of_the_year_2000_and_intervals_stay() -> None:
    """A6."""
    remade = deidentified(await a_signed_room(), "secret")
    assert [it.at for it in remade[:2]] == ["2000-01-01T00:00:00.000Z", "2000-01-01T00:00:01.000Z"]
    note = replay(remade).plan.notes
    assert {it.created_at[:10] for it in note.values()} == {"2000-01-01"}


async def test_words_of_the_room_stay_and_what_members_wrote_goes() -> None:
    """A7."""
    plan = replay(deidentified(await a_signed_room(), "secret", vocabulary=VOCABULARY)).plan
    assert plan.title == "De-identified case"
    assert [it.name for it in plan.segments.values()] == ["Skull", "text removed (5 characters)"]
    assert [it.name for it in plan.cuts.values()] == ["Cut 1"]
    assert [it.name for it in plan.fragments.values()] == ["Skull 1", "Skull 2"]
    assert {it.text for it in plan.notes.values()} == {"text removed (14 characters)"}
    made = next(iter(plan.segments.values())).provenance
    assert (made.engine, made.parameters) == ("bone", {"lower_hu": 250})
    assert (made.author, made.created_at) == ("somebody", "")


async def test_texts_are_kept_where_that_is_asked_but_no_name_of_a_member() -> None:
    """A7."""
    entries = deidentified(await a_signed_room(), "secret", keep_texts=True)
    content = archived(entries).decode()
    assert "mind the sinus" in content
    assert "for Jane" in content
    assert not any(f'"{it}"' in content for it in ("Ana", "Ben", "Ole", "ana", "ben", "Phantom"))


async def test_images_get_other_codes_in_every_export() -> None:
    """A5."""
    entries = await a_signed_room()
    frames = set()
    for secret in ("one", "other"):
        source = replay(deidentified(entries, secret)).plan.source
        assert source is not None
        frames.add(source.frame_of_reference_uid)
        assert (source.volume_id, source.description, source.acquired_on) == ("volume-1", "", "")
    assert len(frames) == 2


@pytest.mark.parametrize("at", ["", "soon", "0001-01-01T00:00:00.000Z"])
async def test_a_moment_that_is_none_or_out_of_reach_is_left_out(at: str) -> None:
    """A6."""
    entries = [replace(it, at=at) for it in await a_signed_room()]
    previous = FIRST_PREVIOUS_HASH
    for number, entry in enumerate(entries):
        entries[number] = seal(replace(entry, previous_hash=previous))
        previous = entries[number].hash
    remade = deidentified(entries, "secret")
    assert {it.at for it in remade} <= {"", "2000-01-01T00:00:00.000Z"}


def test_an_empty_log_stays_empty() -> None:
    """A6."""
    assert deidentified((), "secret") == ()
