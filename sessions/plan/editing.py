"""Rules for the properties of segments, for names, and for locks."""

import re
from typing import Final

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import member_name
from sessions.plan.commands import EditSegment, LockRecord, Rename, UnlockRecord
from sessions.plan.events import (
    PlanEvent,
    RecordLocked,
    RecordUnlocked,
    Renamed,
    SegmentEdited,
    SegmentField,
    SegmentValue,
)
from sessions.plan.inverting import Key, keys_of
from sessions.plan.naming import is_taken
from sessions.plan.records import Lock, MemberId, Plan, Role
from sessions.plan.references import find_record, lock_key, name_of, require_record
from sessions.plan.requirements import MAX_NAME_CHARACTERS, require_numbers, require_text

RENAMABLE: Final = frozenset({"cut", "fragment", "measurement", "markup"})

CODE_PATTERN: Final = re.compile(r"[0-9]{6,18}")
"""A SNOMED CT concept id has 6 to 18 digits (SNOMED CT, Release File Specification, 3.2)."""


def edit_segment(plan: Plan, command: EditSegment) -> tuple[PlanEvent, ...]:
    """Decide on other properties: an event each, so that two members' edits do not collide."""
    segment = plan.segments.get(command.segment_id)
    if segment is None:
        raise RejectedCommandError("there is no such segment in this plan")
    if command.name is not None:
        require_text(command.name, "segment's name", MAX_NAME_CHARACTERS)
    _require_listing(command)
    if command.opacity is not None:
        require_numbers((command.opacity,), "opacity")
        if not 0 <= command.opacity <= 1:
            raise RejectedCommandError("the opacity must lie between 0 and 1")
    if command.colour is not None and not all(0 <= it <= 255 for it in command.colour):  # noqa: PLR2004 (a byte)
        raise RejectedCommandError("the colour must be three numbers from 0 to 255")
    asked: dict[SegmentField, SegmentValue | None] = {
        "name": command.name,
        "colour": command.colour,
        "opacity": command.opacity,
        "owner": command.owner,
        "code": command.code,
        "status": command.status,
        "group": command.group,
    }
    return tuple(
        SegmentEdited(
            segment_id=segment.segment_id, field=field, before=getattr(segment, field), after=value
        )
        for field, value in asked.items()
        if value is not None and getattr(segment, field) != value
    )


def _require_listing(command: EditSegment) -> None:
    """Refuse a code that is none, or a heading that is no name; either may be empty."""
    if command.code and not CODE_PATTERN.fullmatch(command.code):
        raise RejectedCommandError("the SNOMED CT code must have 6 to 18 digits, or be empty")
    if command.group:
        require_text(command.group, "group's name", MAX_NAME_CHARACTERS)


def rename(plan: Plan, command: Rename) -> tuple[PlanEvent, ...]:
    """Decide on another name."""
    if command.ref.kind not in RENAMABLE:
        raise RejectedCommandError(
            "only cuts, fragments, measurements and markups are renamed like this"
        )
    record = require_record(plan, command.ref)
    require_text(command.name, "name", MAX_NAME_CHARACTERS)
    if record.name == command.name:
        return ()
    if is_taken(plan, command.ref, command.name):
        raise RejectedCommandError(
            f"there is a {command.name} on this branch already; choose another name"
        )
    return (Renamed(ref=command.ref, before=record.name, after=command.name),)


def lock_record(plan: Plan, command: LockRecord, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a lock: whoever comes first holds it."""
    require_record(plan, command.ref)
    held = plan.locks.get(lock_key(command.ref))
    if held is None:
        return (RecordLocked(lock=Lock(ref=command.ref, member_id=by, at=at)),)
    if held.member_id == by:
        return ()
    holder = member_name(plan, held.member_id)
    raise RejectedCommandError(f"{name_of(plan, command.ref)} is locked by {holder}; ask {holder}")


def unlock_record(plan: Plan, command: UnlockRecord, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on letting go; an owner may for others."""
    held = plan.locks.get(lock_key(command.ref))
    if held is None:
        return ()
    if held.member_id != by and not _owns_room(plan, by):
        holder = member_name(plan, held.member_id)
        raise RejectedCommandError(
            f"{name_of(plan, command.ref)} is locked by {holder}; ask {holder} or the room's owner"
        )
    return (RecordUnlocked(lock=held),)


def require_unlocked(plan: Plan, events: tuple[PlanEvent, ...], by: MemberId) -> None:
    """Refuse events about records that somebody else has locked; owners go past locks.

    Raises
    ------
    RejectedCommandError
        The sentence says who holds which.
    """
    if plan.locks:
        require_free(plan, tuple(key for event in events for key in keys_of(event)), by)


def require_free(plan: Plan, keys: tuple[Key, ...], by: MemberId) -> None:
    """Refuse to touch what somebody else has locked.

    Raises
    ------
    RejectedCommandError
        The sentence says who holds which.
    """
    if not plan.locks or _owns_room(plan, by):
        return
    for key in keys:
        held = plan.locks.get(f"{key.kind.partition('.')[0]}:{key.record_id}")
        if held is not None and held.member_id != by and find_record(plan, held.ref):
            holder = member_name(plan, held.member_id)
            raise RejectedCommandError(
                f"{name_of(plan, held.ref)} is locked by {holder}; ask {holder} to unlock it"
            )


def _owns_room(plan: Plan, member_id: MemberId) -> bool:
    member = plan.members.get(member_id)
    return member is not None and member.role is Role.OWNER
