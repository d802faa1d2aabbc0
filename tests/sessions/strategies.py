"""Random plans: events that make no sense, and commands that mostly do."""

import math

from hypothesis import strategies as st

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.commands import (
    AdjustCut,
    AnyCommand,
    EditNote,
    Redo,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    Undo,
)
from sessions.plan.events import (
    CaseOpened,
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    DistanceMeasured,
    FragmentMoved,
    MeasurementRemoved,
    MemberAdmitted,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
    SegmentAdded,
)
from sessions.plan.records import (
    Anchor,
    Cut,
    CutId,
    Fragment,
    FragmentId,
    Measurement,
    MeasurementId,
    MemberId,
    Note,
    NoteId,
    SolidId,
)
from tests.sessions.scene import (
    ANA,
    BEN,
    MEMBERS,
    SKULL,
    SOURCE,
    measure,
    move,
    pieces,
    pin,
    place,
    segment,
    surface,
)

coordinates = st.floats(-30, 30, allow_nan=False).map(lambda x: round(x, 3))
points: st.SearchStrategy[Vector] = st.tuples(coordinates, coordinates, coordinates)
numbers = st.sampled_from(["1", "2", "3"])
members = st.sampled_from([ANA, BEN])
texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20).map(
    lambda text: f"x{text.replace(chr(127), '')}".translate(dict.fromkeys(range(128, 160)))
)


@st.composite
def planes(draw: st.DrawFn) -> Plane:
    """Return a plane close to the origin."""
    azimuth, height = draw(st.floats(0, 2 * math.pi)), draw(st.floats(-1, 1))
    ring = math.sqrt(1 - height * height)
    normal = (ring * math.cos(azimuth), ring * math.sin(azimuth), height)
    return Plane(draw(points), normal)


@st.composite
def transforms(draw: st.DrawFn) -> RigidTransform:
    """Return a small motion."""
    axis = draw(st.sampled_from([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.3, 0.4, 0.5)]))
    turn = RigidTransform.about_axis(axis, draw(st.floats(-170, 170)), draw(points))
    return RigidTransform(translation_mm=draw(points)) @ turn


solid_ids = st.one_of(
    st.just(SKULL),
    st.builds(lambda n, side: SolidId(f"c{n}{side}"), numbers, st.sampled_from("+-")),
)


@st.composite
def steps(draw: st.DrawFn) -> tuple[MemberId, AnyCommand]:
    """Return what a member asks; the rules may refuse it."""
    number, solid_id = draw(numbers), draw(solid_ids)
    commands: list[st.SearchStrategy[AnyCommand]] = [
        st.builds(lambda p, t: pin(f"n{number}", solid_id, p, t), points, texts),
        st.builds(lambda t: EditNote(note_id=NoteId(f"n{number}"), text=t), texts),
        st.just(RemoveNote(note_id=NoteId(f"n{number}"))),
        st.builds(lambda a, b: measure(f"m{number}", a, b, solid_id), points, points),
        st.just(RemoveMeasurement(measurement_id=MeasurementId(f"m{number}"))),
        st.builds(lambda p: place(f"c{number}", solid_id, p), planes()),
        st.builds(lambda p: AdjustCut(cut_id=CutId(f"c{number}"), plane=p), planes()),
        st.just(RemoveCut(cut_id=CutId(f"c{number}"))),
        st.just(pieces(f"c{number}")),
        st.builds(lambda t: move(t, solid_id), transforms()),
        st.just(Undo()),
        st.just(Redo()),
    ]
    return draw(members), draw(st.one_of(*commands))


@st.composite
def events(draw: st.DrawFn) -> PlanEvent:
    """Return an event that need not make sense of any plan."""
    number, solid_id, parent_id = draw(numbers), draw(solid_ids), draw(solid_ids)
    anchor = Anchor(solid_id=solid_id, point_mm=draw(points))
    note = Note(
        note_id=NoteId(f"n{number}"), anchor=anchor, text=draw(texts), author_id=ANA, created_at=""
    )
    measurement = Measurement(
        measurement_id=MeasurementId(f"m{number}"),
        name="Distance 1",
        start=anchor,
        end=Anchor(solid_id=parent_id, point_mm=draw(points)),
        author_id=MemberId("nobody"),
        created_at="",
    )
    cut = Cut(
        cut_id=CutId(f"c{number}"),
        name="Cut 1",
        target_id=parent_id,
        plane=draw(planes()),
        applied=draw(st.booleans()),
        author_id=BEN,
    )
    halves = (
        Fragment(
            fragment_id=FragmentId(f"c{number}+"),
            name="Half",
            parent_id=parent_id,
            cut_id=cut.cut_id,
            side="positive",
            surface=surface(),
            transform=draw(transforms()),
        ),
        Fragment(
            fragment_id=FragmentId(f"c{number}-"),
            name="Half",
            parent_id=solid_id,
            cut_id=cut.cut_id,
            side="negative",
            surface=surface(),
            transform=draw(transforms()),
        ),
    )
    choices: list[PlanEvent] = [
        CaseOpened(title="Case", source=SOURCE),
        SegmentAdded(segment=segment(number)),
        MemberAdmitted(member=draw(st.sampled_from(MEMBERS))),
        NotePinned(note=note),
        NoteEdited(note_id=note.note_id, before="a", after="b"),
        NoteRemoved(note=note),
        DistanceMeasured(measurement=measurement),
        MeasurementRemoved(measurement=measurement),
        CutPlaced(cut=cut),
        CutAdjusted(cut_id=cut.cut_id, before=cut.plane, after=draw(planes())),
        CutRemoved(cut=cut),
        CutApplied(cut_id=cut.cut_id, fragments=halves),
        CutReverted(cut_id=cut.cut_id, fragments=halves),
        FragmentMoved(
            fragment_id=FragmentId(solid_id),
            before=RigidTransform(),
            after=draw(transforms()),
        ),
    ]
    return draw(st.sampled_from(choices))
