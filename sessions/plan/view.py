"""The plan as the page shows it: every record with the values that follow from the others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from imaging.space import RigidTransform, Vector, distance_mm, subtract
from sessions.plan.anatomy import (
    AppliedCuts,
    applied_cuts,
    centre_of_bounds,
    leaf_of,
    member_name,
    root_of,
    solid_of,
    transform_of,
)
from sessions.plan.carrying import basis_of, leaf_under, leaves_of
from sessions.plan.figures import measured
from sessions.plan.records import (
    AboutPoint,
    AboutRecord,
    Anchor,
    Branch,
    CaseSource,
    ChatMessage,
    Cut,
    Fragment,
    Imaging,
    Lock,
    Markup,
    Measurement,
    Member,
    MemberId,
    Note,
    Plan,
    Segment,
    SegmentId,
    SharedClipping,
    SolidId,
    Thread,
    Version,
)
from sessions.plan.references import name_of
from sessions.plan.room_summaries import subject_of
from sessions.plan.status import Status, status_of
from sessions.plan.surroundings import SubjectFrame
from sessions.plan.versioning import label_of
from sessions.protocol import Change, ViewKind

View = dict[ViewKind, dict[str, dict[str, Any]]]
"""kind -> id -> record."""

UNKNOWN_COLOUR = "#9aa4b2"
"""Of what a member left behind whom the plan does not know."""


def view_of(plan: Plan) -> View:
    """Return every record of the plan as the page shows it."""
    lens = _Lens(plan)
    return {
        kind: {key: show(lens, record) for key, record in records(plan).items()}
        for kind, (records, show) in _KINDS.items()
    }


def changes_between(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return the records of the view that differ, as they are in `after`.

    Only records that may differ are shown: those that are another object, or that depend on a
    solid or a member that is another object. A room with a thousand notes sends a moved fragment
    in a fraction of the time that two whole views would take.
    """
    if before is after:
        return ()
    old, new = _Lens(before), _Lens(after)
    depend = old.may_show_otherwise(new)
    return tuple(
        change
        for kind, (records, show) in _KINDS.items()
        for change in _changed_records(kind, records(before), records(after), (old, new), depend)
    )


@dataclass(frozen=True, slots=True)
class _Lens:
    """A plan with what is looked up again and again."""

    plan: Plan
    applied: AppliedCuts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "applied", applied_cuts(self.plan))

    def may_show_otherwise(self, other: "_Lens") -> bool:
        """Say whether a record that is in both plans may be shown otherwise in the other one."""
        return (
            self.plan.fragments is not other.plan.fragments
            or self.plan.segments is not other.plan.segments
            or self.plan.members is not other.plan.members
            or self.plan.dismissed is not other.plan.dismissed
            or self.plan.branches is not other.plan.branches
            or self.plan.source is not other.plan.source
            or self.applied != other.applied
        )

    def names_otherwise(self, other: "_Lens") -> bool:
        """Say whether what threads are about may have another name in the other plan."""
        return (
            self.plan.cuts is not other.plan.cuts
            or self.plan.notes is not other.plan.notes
            or self.plan.measurements is not other.plan.measurements
            or self.plan.markups is not other.plan.markups
        )

    def names(self, thread: Thread) -> str:
        """Return what a thread about a record is called after."""
        about = thread.about
        return name_of(self.plan, about.ref) if isinstance(about, AboutRecord) else ""

    def leaf(self, anchor: Anchor) -> SolidId:
        return leaf_of(anchor, self.applied)

    def depends_on(self, record: object) -> tuple[object, ...]:  # noqa: C901, PLR0911, PLR0912 (one per kind)
        """Return what the shown record follows from, beside itself."""
        match record:
            case Segment(segment_id=segment_id):
                return (SolidId(segment_id) in self.applied,)
            case Fragment(fragment_id=fragment_id):
                solid_id = SolidId(fragment_id)
                root_id = root_of(self.plan, solid_id)
                segment = self.plan.segments.get(SegmentId(root_id))
                return (solid_id in self.applied, root_id, segment)
            case Cut(target_id=target_id, author_id=author_id):
                return (transform_of(self.plan, target_id), self._author(author_id))
            case Note(anchor=anchor, author_id=author_id):
                return (*self._carrier(anchor), self._author(author_id))
            case Measurement(start=start, end=end, author_id=author_id):
                return (*self._carrier(start), *self._carrier(end), self._author(author_id))
            case Markup(author_id=author_id):
                return self._markup(record, author_id)
            case SharedClipping(member_id=member_id):
                return (self._author(member_id),)
            case Member(member_id=member_id):
                return (member_id in self.plan.dismissed,)
            case Lock(member_id=member_id):
                return (self._author(member_id),)
            case Thread():
                return self._thread(record)
            case ChatMessage(author_id=author_id) | Branch(author_id=author_id):
                return (self._author(author_id),)
            case Version(author_id=author_id, branch_id=branch_id):
                return (self._author(author_id), self.plan.branches.get(branch_id))
            case Imaging(confirmed_by=confirmed_by):
                return (confirmed_by and self._author(confirmed_by),)
            case Status(branch_id=branch_id):
                return (self.plan.branches.get(branch_id),)
            case _:
                return ()

    def _markup(self, markup: Markup, author_id: MemberId) -> tuple[object, ...]:
        leaves = [leaf_under(it, self.applied) for it in markup.points]
        leaves += [leaf for it in markup.solid_ids for leaf in leaves_of(it, self.applied)]
        carriers = {
            it: (transform_of(self.plan, it), solid_of(self.plan, it)) for it in set(leaves) if it
        }
        return (leaves, carriers, self.plan.source, self._author(author_id))

    def _thread(self, thread: Thread) -> tuple[object, ...]:
        about = thread.about
        people = tuple(self._author(it.author_id) for it in thread.comments)
        name = subject_of(self.plan, thread, self.applied)
        resolved = thread.resolved_by and self._author(thread.resolved_by)
        if isinstance(about, AboutPoint):
            there = solid_of(self.plan, about.anchor.solid_id) is not None
            return (*people, resolved, name, there, *self._carrier(about.anchor))
        return (*people, resolved, name)

    def _author(self, member_id: MemberId) -> Member | None:
        return self.plan.members.get(member_id)

    def _carrier(self, anchor: Anchor) -> tuple[SolidId, RigidTransform]:
        leaf_id = self.leaf(anchor)
        return leaf_id, transform_of(self.plan, leaf_id)


def _changed_records(
    kind: ViewKind,
    was: Mapping[Any, Any],
    now: Mapping[Any, Any],
    lenses: tuple["_Lens", "_Lens"],
    depend: bool,  # noqa: FBT001 (a fact about the two plans)
) -> Iterator[Change]:
    """Yield the changes of one kind: what is new or different, then what is gone."""
    old, new = lenses
    named = kind == "threads" and old.names_otherwise(new)
    if was is now and not depend and not named:
        return
    show = _KINDS[kind][1]
    for key, record in now.items():
        known = was.get(key)
        same = known is record or known == record
        if (
            not same
            or (depend and old.depends_on(known) != new.depends_on(record))
            or (named and old.names(record) != new.names(record))
        ):
            yield Change(kind=kind, id=key, value=show(new, record))
    if len(was) > len(now) or was.keys() != now.keys():
        for key in was:
            if key not in now:
                yield Change(kind=kind, id=key, value=None)


def _show_case(_lens: _Lens, case: tuple[str, CaseSource | None]) -> dict[str, Any]:
    title, source = case
    return {"title": title, "source": msgspec.to_builtins(source)}


def _show_segment(lens: _Lens, segment: Segment) -> dict[str, Any]:
    return {
        **_fields(segment),
        "status": segment.status,
        "group": segment.group,
        "leaf": SolidId(segment.segment_id) not in lens.applied,
    }


def _show_fragment(lens: _Lens, fragment: Fragment) -> dict[str, Any]:
    solid_id = SolidId(fragment.fragment_id)
    segment_id = root_of(lens.plan, solid_id)
    segment = lens.plan.segments.get(SegmentId(segment_id))
    centre = centre_of_bounds(fragment)
    return {
        **_fields(fragment),
        "leaf": solid_id not in lens.applied,
        "segment_id": segment_id,
        "code": segment.code if segment else "",
        "colour": segment.colour if segment else (200, 200, 200),
        "opacity": segment.opacity if segment else 1.0,
        "owner": segment.owner if segment else "undecided",
        "moved_mm": subtract(fragment.transform.apply(centre), centre),
        "moved_deg": fragment.transform.angle_deg,
    }


def _show_cut(lens: _Lens, cut: Cut) -> dict[str, Any]:
    world_plane = transform_of(lens.plan, cut.target_id).apply_to_plane(cut.plane)
    return {
        **_fields(cut),
        "world_plane": msgspec.to_builtins(world_plane),
        "author_name": member_name(lens.plan, cut.author_id),
    }


def _show_note(lens: _Lens, note: Note) -> dict[str, Any]:
    leaf_id, world_mm = _place(lens, note.anchor)
    return {
        **_fields(note),
        "leaf_id": leaf_id,
        "world_mm": world_mm,
        **_author(lens.plan, note.author_id),
    }


def _show_measurement(lens: _Lens, measurement: Measurement) -> dict[str, Any]:
    start_leaf_id, start = _place(lens, measurement.start)
    end_leaf_id, end = _place(lens, measurement.end)
    return {
        **_fields(measurement),
        "start_leaf_id": start_leaf_id,
        "end_leaf_id": end_leaf_id,
        "start_world_mm": start,
        "end_world_mm": end,
        "length_mm": distance_mm(start, end),
        **_author(lens.plan, measurement.author_id),
    }


def _show_markup(lens: _Lens, markup: Markup) -> dict[str, Any]:
    found = measured(lens.plan, markup, lens.applied)
    return {
        **_fields(markup),
        "world_points": basis_of(lens.plan, markup, lens.applied).world_mm,
        "leaf_ids": [leaf_under(it, lens.applied) for it in markup.points],
        "values": [_fields(it) for it in found.figures],
        "pending": found.pending,
        "problem": found.problem,
        **_author(lens.plan, markup.author_id),
    }


def _show_clipping(lens: _Lens, shared: SharedClipping) -> dict[str, Any]:
    name = member_name(lens.plan, shared.member_id)
    return {**_fields(shared.clipping), "member_id": shared.member_id, "member_name": name}


def _show_frame(_lens: _Lens, frame: SubjectFrame) -> dict[str, Any]:
    return {"axes": (frame.left, frame.posterior, frame.superior), "basis": frame.basis}


def _show_member(lens: _Lens, member: Member) -> dict[str, Any]:
    return {**_fields(member), "dismissed": member.member_id in lens.plan.dismissed}


def _show_lock(lens: _Lens, lock: Lock) -> dict[str, Any]:
    return {**_fields(lock), "member_name": member_name(lens.plan, lock.member_id)}


def _show_thread(lens: _Lens, thread: Thread) -> dict[str, Any]:
    plan, about = lens.plan, thread.about
    point = (
        _place(lens, about.anchor)
        if isinstance(about, AboutPoint) and solid_of(plan, about.anchor.solid_id)
        else (None, None)
    )
    return {
        **_fields(thread),
        "comments": [{**_fields(it), **_author(plan, it.author_id)} for it in thread.comments],
        "subject": subject_of(plan, thread, lens.applied),
        "leaf_id": point[0],
        "world_mm": point[1],
        "resolved_by_name": None
        if thread.resolved_by is None
        else member_name(plan, thread.resolved_by),
    }


def _show_message(lens: _Lens, message: ChatMessage) -> dict[str, Any]:
    return {**_fields(message), **_author(lens.plan, message.author_id)}


def _show_branch(lens: _Lens, branch: Branch) -> dict[str, Any]:
    return {**_fields(branch), **_author(lens.plan, branch.author_id)}


def _show_version(lens: _Lens, version: Version) -> dict[str, Any]:
    branch = lens.plan.branches.get(version.branch_id)
    return {
        **_fields(version),
        "label": label_of(version),
        "branch_name": branch.name if branch else "main",
        **_author(lens.plan, version.author_id),
    }


def _show_imaging(lens: _Lens, imaging: Imaging) -> dict[str, Any]:
    confirmed = imaging.confirmed_by
    name = None if confirmed is None else member_name(lens.plan, confirmed)
    return {**_fields(imaging), "confirmed_by_name": name}


def _show_status(lens: _Lens, status: Status) -> dict[str, Any]:
    branch = lens.plan.branches.get(status.branch_id)
    return {**_fields(status), "branch_name": branch.name if branch else "main"}


def _place(lens: _Lens, anchor: Anchor) -> tuple[SolidId, Vector]:
    """Return the solid that carries a point now, and where the point is in the world, mm."""
    leaf_id = lens.leaf(anchor)
    return leaf_id, transform_of(lens.plan, leaf_id).apply(anchor.point_mm)


def _author(plan: Plan, member_id: MemberId) -> dict[str, Any]:
    member = plan.members.get(member_id)
    colour = member.colour if member else UNKNOWN_COLOUR
    return {"author_name": member_name(plan, member_id), "colour": colour}


def _fields(record: msgspec.Struct) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record)
    return fields


_Records = Callable[[Plan], Mapping[Any, Any]]
_Show = Callable[[_Lens, Any], dict[str, Any]]

_KINDS: Mapping[ViewKind, tuple[_Records, _Show]] = {
    "case": (lambda plan: {"case": (plan.title, plan.source)}, _show_case),
    "segments": (lambda plan: plan.segments, _show_segment),
    "fragments": (lambda plan: plan.fragments, _show_fragment),
    "cuts": (lambda plan: plan.cuts, _show_cut),
    "notes": (lambda plan: plan.notes, _show_note),
    "measurements": (lambda plan: plan.measurements, _show_measurement),
    "markups": (lambda plan: plan.markups, _show_markup),
    "members": (lambda plan: plan.members, _show_member),
    "locks": (lambda plan: plan.locks, _show_lock),
    "threads": (lambda plan: plan.threads, _show_thread),
    "chat": (lambda plan: plan.chat, _show_message),
    "branches": (lambda plan: plan.branches, _show_branch),
    "versions": (lambda plan: plan.versions, _show_version),
    "imaging": (lambda plan: plan.imaging, _show_imaging),
    "status": (lambda plan: {"status": status_of(plan)}, _show_status),
    "clipping": (lambda plan: {"shared": plan.clipping} if plan.clipping else {}, _show_clipping),
    "frames": (lambda plan: {it.subject: it for it in plan.frames}, _show_frame),
}
