"""A log as lines, out and in again."""

import hashlib
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform
from sessions import archive
from sessions.archive import export_entries, import_entries
from sessions.errors import ArchiveError
from sessions.eventlog import MemoryLog
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.commands import Undo
from sessions.plan.events import (
    CaseOpened,
    CutApplied,
    CutPlaced,
    Entry,
    MemberAdmitted,
    NotePinned,
    PlanEvent,
    SegmentAdded,
)
from sessions.plan.records import (
    Anchor,
    Cut,
    CutId,
    Fragment,
    FragmentId,
    Note,
    NoteId,
    OperationId,
    SolidId,
)
from sessions.room import Room
from sessions.state import replay
from tests.sessions.scene import (
    ANA,
    BEN,
    MEMBERS,
    MIDDLE,
    SOURCE,
    furnish,
    move,
    pieces,
    pin,
    place,
    segment,
    surface,
)
from tests.sessions.test_eventlog import chain


async def lines_of_a_room() -> tuple[list[bytes], str]:
    room = await furnish(await Room.over(MemoryLog(), "r"))
    await room.submit(ANA, OperationId("a"), place())
    await room.record(ANA, OperationId("b"), pieces())
    await room.submit(BEN, OperationId("c"), move(RigidTransform(translation_mm=(1, 2, 3))))
    await room.submit(BEN, OperationId("d"), pin(text="Ärztin\n手術 😀"))
    await room.submit(BEN, OperationId("e"), Undo())
    await room.close()
    return list(export_entries(await room.entries())), room.state_hash


def imported(lines: list[bytes]) -> tuple[Entry, ...]:
    return import_entries(io.BytesIO(b"".join(lines)))


async def test_an_archive_opens_to_an_equal_plan() -> None:
    """A1."""
    lines, state_hash = await lines_of_a_room()
    entries = imported(lines)
    room = await Room.over(MemoryLog(), "r2")
    await room._log.append(entries)
    again = await Room.over(room._log, "r2")
    assert again.state_hash == state_hash
    assert again.can_redo(BEN)
    assert list(export_entries(await again.entries())) == lines
    await again.close()
    await room.close()


async def test_an_empty_log_is_an_archive_too() -> None:
    """A1."""
    assert imported(list(export_entries(()))) == ()


def without(number: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: lines[:number] + lines[number + 1 :]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (without(0), "no room archive of this version"),
        (without(3), "damaged at revision 3; export it again"),
        (lambda lines: lines[:-1], "cut short"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "damaged at revision 2"),
        (lambda lines: [*lines, lines[-1]], "damaged at revision 12"),
        (lambda lines: [lines[0].replace(b'"version":2', b'"version":3'), *lines[1:]], "no room"),
        (lambda _: [], "no room archive"),
        (lambda _: [b"\xff\xfe\x00"], "no room archive"),
        (lambda _: [b"[" * 900_000], "no room archive"),
        (lambda lines: [lines[0], b"[" * 900_000], "damaged at revision 1"),
        (lambda lines: [lines[0], b"x" * 2_000_000], "larger than any room's"),
        (lambda lines: [lines[0], b'{"hash":"a","entry":{}}'], "damaged at revision 1"),
    ],
)
async def test_a_damaged_archive_is_refused_with_a_sentence(
    damage: Callable[[list[bytes]], list[bytes]], sentence: str
) -> None:
    """A2."""
    lines, _ = await lines_of_a_room()
    with pytest.raises(ArchiveError, match=sentence):
        imported(damage(lines))


async def test_a_wrong_state_hash_is_refused() -> None:
    """A2."""
    lines, state_hash = await lines_of_a_room()
    lines[0] = lines[0].replace(state_hash.encode(), b"0" * 64)
    with pytest.raises(ArchiveError, match="adds up to another plan"):
        imported(lines)


async def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A3."""
    lines, _ = await lines_of_a_room()
    monkeypatch.setattr(archive, "MAX_ENTRIES", len(lines) - 1)
    assert imported(lines)
    monkeypatch.setattr(archive, "MAX_ENTRIES", len(lines) - 2)
    with pytest.raises(ArchiveError, match="larger than any room's"):
        imported(lines)


async def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A3."""
    lines, _ = await lines_of_a_room()
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", sum(map(len, lines)) - 1)
    with pytest.raises(ArchiveError, match="larger than any room's"):
        imported(lines)


def forged(*events: PlanEvent, repeat: bool = False) -> list[bytes]:
    """Return an archive whose hashes are right, of events that no rule let through."""
    entries = []
    previous = FIRST_PREVIOUS_HASH
    for revision, event in enumerate(events, start=1):
        entry = replace(
            chain(1)[0],
            revision=revision,
            operation_id=OperationId("op" if repeat else f"op{revision}"),
            events=(event,),
            previous_hash=previous,
        )
        entries.append(seal(entry))
        previous = entries[-1].hash
    return list(export_entries(entries))


def note_on(solid_id: str, text: str = "x") -> NotePinned:
    anchor = Anchor(solid_id=SolidId(solid_id), point_mm=(0, 0, 0))
    return NotePinned(
        note=Note(note_id=NoteId("n"), anchor=anchor, text=text, author_id=ANA, created_at="")
    )


def cut_of(target_id: str, cut_id: str = "c1") -> tuple[CutPlaced, CutApplied]:
    cut = Cut(
        cut_id=CutId(cut_id),
        name="Cut 1",
        target_id=SolidId(target_id),
        plane=MIDDLE,
        applied=False,
        author_id=ANA,
    )
    half = Fragment(
        fragment_id=FragmentId(f"{cut_id}+"),
        name="Half",
        parent_id=SolidId(target_id),
        cut_id=cut.cut_id,
        side="positive",
        surface=surface(),
        transform=RigidTransform(),
    )
    other = replace(half, fragment_id=FragmentId(f"{cut_id}-"), side="negative")
    return CutPlaced(cut=cut), CutApplied(cut_id=cut.cut_id, fragments=(half, other))


SKULL_ADDED = SegmentAdded(segment=segment())


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((note_on("liver"),), "refers to a segment or fragment that is not there"),
        ((SKULL_ADDED, note_on("skull", "\a")), "at revision 2: the note holds a control"),
        (cut_of("c1+"), "cut from itself"),
        ((*cut_of("c2+", "c1"), *cut_of("c1+", "c2")), "cut from itself"),
        ((SKULL_ADDED, cut_of("skull")[1]), "a fragment of a cut that is not there"),
        (
            (SegmentAdded(segment=replace(segment(), surface=replace(surface(), sha256="../x"))),),
            "64 hexadecimal",
        ),
        ((MemberAdmitted(member=replace(MEMBERS[0], colour="red")),), "#rrggbb"),
        ((CaseOpened(title="", source=SOURCE),), "the title must have 1 to 200"),
    ],
)
def test_an_archive_of_nonsense_is_refused(events: tuple[PlanEvent, ...], sentence: str) -> None:
    """A4."""
    with pytest.raises(ArchiveError, match=sentence):
        imported(forged(*events))


def test_a_repeated_operation_is_refused() -> None:
    """A4."""
    with pytest.raises(ArchiveError, match="repeats an operation at revision 2"):
        imported(forged(SKULL_ADDED, note_on("skull"), repeat=True))


def test_sense_is_let_through() -> None:
    """A4."""
    assert len(imported(forged(SKULL_ADDED, *cut_of("skull"), note_on("c1+")))) == 4
    assert Plane((0, 0, 0), (0, 0, 1)) == MIDDLE


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_no_changed_byte_goes_unnoticed(data: st.DataObject) -> None:
    """A2."""
    lines = list(export_entries(chain(4)))
    whole = bytearray(b"".join(lines))
    position = data.draw(st.integers(0, len(whole) - 1))
    whole[position] ^= data.draw(st.integers(1, 255))
    try:
        entries = import_entries(io.BytesIO(bytes(whole)))
    except ArchiveError:
        return
    assert replay(entries) == replay(chain(4))  # such as a space for a line break


def test_the_hash_of_an_entry_is_that_of_its_json_without_the_hash() -> None:
    """L1."""
    (entry,) = chain(1)
    _, line = export_entries([entry])
    decoded = json.loads(line)
    decoded["entry"]["hash"] = ""
    text = json.dumps(decoded["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == decoded["hash"] == entry.hash
