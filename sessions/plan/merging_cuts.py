"""The cuts of a merge: taken down from the leaves upwards, built from the segments downwards."""

from msgspec.structs import replace

from imaging.space import RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import applied_cuts, member_name, pieces_of, solid_of, transform_of
from sessions.plan.editing import RENAMABLE
from sessions.plan.events import (
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    FragmentMoved,
    Renamed,
)
from sessions.plan.merging_work import Work, cuts_alike, cuts_on
from sessions.plan.naming import is_taken, next_name, word_of
from sessions.plan.records import Cut, CutId, Fragment, FragmentId, Plan, RecordRef, SolidId
from sessions.plan.references import find_record, records_of


def require_decided(work: Work) -> None:
    """Find out which cuts have to go, at least for a moment, or refuse.

    Raises
    ------
    RejectedCommandError
        Something that was not chosen stands on one of them.
    """
    for cut_id in work.chosen_ids("cut"):
        ours, theirs = work.ours.cuts.get(cut_id), work.theirs.cuts.get(cut_id)
        if ours is None or (theirs and cuts_alike(ours, theirs, work.ours, work.theirs)):
            continue
        if theirs is None or _whose(ours) != _whose(theirs):
            work.lifted.add(cut_id)
        if ours.applied:
            _tear(work, ours)


def _whose(cut: Cut) -> tuple[object, ...]:
    """Return what cannot be changed of a cut: with another of it, it is another cut."""
    return (cut.target_id, cut.author_id)


def _tear(work: Work, cut: Cut) -> None:
    """Note that a cut's fragments go, and what stands on them before that."""
    for other in cuts_on(work.ours, cut):
        if not work.is_chosen("cut", other.cut_id):
            raise RejectedCommandError(
                f"{other.name} lies on a fragment that goes with {cut.name}; "
                f"choose {other.name} as well"
            )
        work.lifted.add(other.cut_id)
        if other.applied:
            _tear(work, other)
    work.torn.setdefault(cut.cut_id)


def take_down_cuts(work: Work) -> None:
    """Join what has to be joined again, and remove the planes that go or are placed anew."""
    for cut_id in work.torn:
        for other in cuts_on(work.plan, work.ours.cuts[cut_id]):
            _lift(work, other.cut_id)
        pieces = pieces_of(work.plan, work.ours.cuts[cut_id])
        if pieces is not None:
            work.do(CutReverted(cut_id=cut_id, fragments=pieces))
    for cut_id in sorted(work.lifted & work.plan.cuts.keys()):
        _lift(work, cut_id)


def _lift(work: Work, cut_id: CutId) -> None:
    work.do(CutRemoved(cut=replace(work.plan.cuts[cut_id], applied=False)))


def move_fragments(work: Work) -> None:
    """Put each chosen fragment that stays where it is in the version."""
    for fragment_id in work.chosen_ids("fragment"):
        ours, theirs = (it.fragments.get(fragment_id) for it in (work.plan, work.theirs))
        known = ours or theirs or work.ours.fragments.get(fragment_id)
        if known is None or SolidId(fragment_id) in work.going:
            continue
        if ours is None and work.is_chosen("cut", known.cut_id):
            continue  # it comes, or went, with its cut
        if ours is None or theirs is None or ours.surface != theirs.surface:
            plan = work.ours if ours is not None else work.theirs
            raise RejectedCommandError(
                f"{known.name} comes and goes with {_cut_name(plan, known)}; choose that as well"
            )
        if ours.transform != theirs.transform:
            _require_cut_alike(work, ours)
            work.do(
                FragmentMoved(
                    fragment_id=fragment_id, before=ours.transform, after=theirs.transform
                )
            )


def _require_cut_alike(work: Work, piece: Fragment) -> None:
    """Refuse to move a fragment that was cut here, and not in the version."""
    solid_id = SolidId(piece.fragment_id)
    cut, there = (applied_cuts(it).get(solid_id) for it in (work.plan, work.theirs))
    if cut is not None and (there is None or there.cut_id != cut.cut_id):
        raise RejectedCommandError(
            f"{piece.name} was cut along {cut.name} here; choose {cut.name} as well"
        )


def build_cuts(work: Work) -> None:
    """Place, adjust and apply the cuts as in the version, each after what it lies on."""
    wanted = [
        cut
        for cut in work.theirs.cuts.values()
        if RecordRef(kind="cut", record_id=cut.cut_id) in work.chosen or cut.cut_id in work.lifted
    ]
    for cut in sorted(wanted, key=lambda it: (_depth(work.theirs, it), it.applied, it.cut_id)):
        _place(work, cut)
        if cut.applied and not work.plan.cuts[cut.cut_id].applied:
            _apply(work, cut)


def _place(work: Work, cut: Cut) -> None:
    now = work.plan.cuts.get(cut.cut_id)
    if now is not None:
        if now.plane != cut.plane and not now.applied:
            work.do(CutAdjusted(cut_id=cut.cut_id, before=now.plane, after=cut.plane))
        return
    _require_target(work, cut)
    ref = RecordRef(kind="cut", record_id=cut.cut_id)
    names = [it.name for plan in (work.plan, work.theirs) for it in plan.cuts.values()]
    name = next_name("Cut", names) if is_taken(work.plan, ref, cut.name) else cut.name
    work.do(CutPlaced(cut=replace(cut, name=name, applied=False)))


def _require_target(work: Work, cut: Cut) -> None:
    """Refuse a cut whose solid is not there, or is another one, or was cut otherwise."""
    there = solid_of(work.theirs, cut.target_id)
    here = solid_of(work.plan, cut.target_id)
    if here is None or (isinstance(there, Fragment) and here.surface != there.surface):
        needed = _cut_name(work.theirs, there) if isinstance(there, Fragment) else "its segment"
        name = "a solid" if there is None else there.name
        raise RejectedCommandError(
            f"{cut.name} lies on {name}, which comes with {needed}; choose that as well"
        )
    _require_leaf_for(work, cut)


def _require_leaf_for(work: Work, cut: Cut) -> None:
    """Refuse a cut through what was cut here, unless it was cut so in the version as well."""
    other = applied_cuts(work.plan).get(cut.target_id)
    there = applied_cuts(work.theirs).get(cut.target_id)
    if other is None or (there and there.cut_id == other.cut_id != cut.cut_id):
        return
    solid = solid_of(work.plan, cut.target_id)
    author = member_name(work.ours, other.author_id)
    raise RejectedCommandError(
        f"{solid.name if solid else 'the solid'} was cut along {author}'s {other.name} here; "
        f"choose {other.name} as well, or leave {cut.name} out"
    )


def _apply(work: Work, cut: Cut) -> None:
    """Replace a solid by the fragments that it has in the version."""
    _require_target(work, cut)
    pieces = pieces_of(work.theirs, cut)
    if pieces is None:
        raise RejectedCommandError(f"the fragments of {cut.name} are not in this version")
    positive, negative = (_piece(work, piece) for piece in pieces)
    work.do(CutApplied(cut_id=cut.cut_id, fragments=(positive, negative)))


def _piece(work: Work, piece: Fragment) -> Fragment:
    """Return a fragment, named and placed as in the version where that was chosen."""
    if RecordRef(kind="fragment", record_id=piece.fragment_id) in work.chosen:
        return piece
    known = work.ours.fragments.get(piece.fragment_id)
    if known is not None:
        return replace(piece, name=known.name, transform=known.transform)
    place: RigidTransform = transform_of(work.plan, piece.parent_id)
    return replace(piece, transform=place)


def rename_all(work: Work) -> None:
    """Give what stays, and was chosen, the names of the version, in an order without clashes."""
    names = {
        ref: str(there.name)
        for ref in sorted(work.chosen, key=lambda it: (it.kind, it.record_id))
        if ref.kind in RENAMABLE
        and (there := find_record(work.theirs, ref)) is not None
        and (now := find_record(work.plan, ref)) is not None
        and now.name != there.name
    }
    while names:
        ref = next((it for it in names if not is_taken(work.plan, it, names[it])), None)
        if ref is not None:
            _rename(work, ref, names.pop(ref))
        elif not _give_up_one(work, names):
            ref = next(iter(names))  # they have each other's names: one steps aside
            _rename(work, ref, _aside(work, ref))


def _give_up_one(work: Work, names: dict[RecordRef, str]) -> bool:
    """Leave the name to what has it and keeps it."""
    leaving = {(ref.kind, str(find_record(work.plan, ref).name)) for ref in names}  # type: ignore[union-attr]
    stuck = next((ref for ref, name in names.items() if (ref.kind, name) not in leaving), None)
    if stuck is None:
        return False
    del names[stuck]
    return True


def _aside(work: Work, ref: RecordRef) -> str:
    plans = (work.plan, work.theirs)
    taken = [it.name for plan in plans for it in records_of(plan, ref.kind).values()]
    return next_name(word_of(ref, *plans), taken)


def _rename(work: Work, ref: RecordRef, name: str) -> None:
    record = find_record(work.plan, ref)
    before = "" if record is None else str(record.name)
    work.do(Renamed(ref=ref, before=before, after=name))


def _cut_name(plan: Plan, piece: Fragment) -> str:
    cut = plan.cuts.get(piece.cut_id)
    return "its cut" if cut is None else cut.name


def _depth(plan: Plan, cut: Cut) -> int:
    """Return how many cuts lie between a cut and its segment; bounded in a damaged plan."""
    depth, solid_id = 0, cut.target_id
    while (piece := plan.fragments.get(FragmentId(solid_id))) and depth < len(plan.fragments):
        depth, solid_id = depth + 1, piece.parent_id
    return depth
