"""Rooms that their owners deleted: kept aside until a rule lets them go; back again until then."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sessions.errors import RoomError
from sessions.lobby import SET_ASIDE_NAME, Lobby
from workspace.operations.gauging import bytes_below
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.storage import deleted_in, rooms_in


def deleted_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield the rooms that were deleted longer ago than the rule allows."""
    days = rules.rooms.purge_deleted_after_days
    if days is None:
        return
    oldest = now - timedelta(days=days)
    for place in deleted_places(data):
        if set_aside_at(place) < oldest:
            yield Proposal(
                "purge_room",
                room_of(place),
                1,
                bytes_below(place),
                lambda place=place: shutil.rmtree(place),  # type: ignore[misc]
            )


def deleted_places(data: Path) -> list[Path]:
    """Return the folders of deleted rooms, the last deleted first."""
    folder = deleted_in(data)
    found = [it for it in folder.iterdir() if it.is_dir()] if folder.is_dir() else []
    return sorted(found, key=set_aside_at, reverse=True)


def room_of(place: Path) -> str:
    """Return the id of the room that lies in a folder."""
    return place.name.partition(".")[0]


def set_aside_at(place: Path) -> datetime:
    """Return when a room was deleted; of one that does not say, when its folder last changed."""
    try:
        return datetime.fromisoformat((place / SET_ASIDE_NAME).read_text())
    except (OSError, ValueError):
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)


def bring_back(data: Path, room_id: str) -> None:
    """Put the room of an id back among the others, as it was when it was last deleted.

    Raises
    ------
    RoomError
        None of that id was deleted, or another has its id by now.
    """
    place = next((it for it in deleted_places(data) if room_of(it) == room_id), None)
    if place is None:
        raise RoomError(
            f"no room {room_id} was deleted here; `commissure room deleted` lists those that were"
        )
    Lobby(rooms_in(data)).bring_back(room_id, place)
