"""`commissure room invite|invitations|revoke`: the links by which people come in."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from workspace.cli.one_room import folder_of, with_room
from workspace.cli.plain_text import plain
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from sessions.invitations import Invitation
    from sessions.room import Room

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and surfaces.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
RoomArgument = Annotated[str, typer.Argument(help="Id of the room, see `room list`.")]

UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

LONGEST: Final = timedelta(days=3650)


def register_invitations(room: typer.Typer) -> None:
    """Add these verbs to those of rooms."""
    room.command("invite")(invite)
    room.command("invitations")(invitations)
    room.command("revoke")(revoke)


def invite(
    room_id: RoomArgument,
    *,
    role: Annotated[
        str, typer.Option(help="owner, surgeon, radiologist, trainee, observer or patient.")
    ] = "surgeon",
    expires: Annotated[
        str | None, typer.Option(help="Ends after this: 30m, 12h or 7d; default: never.")
    ] = None,
    uses: Annotated[
        int | None, typer.Option(min=1, help="How many may come in by it; default: any number.")
    ] = None,
    label: Annotated[str, typer.Option(help="Whom it is for; shown to the room's owner.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make an invitation; add its path to the server's address.

    In a room that is being served, its owner does so in the page.
    """
    from sessions.audit.records import Kind
    from sessions.plan.records import Role
    from workspace.audit.operating import note

    known = [it.value for it in Role]
    if role not in known:
        raise MisuseError(f"there is no role {role}; choose {', '.join(known[:-1])} or {known[-1]}")
    expires_at = None if expires is None else datetime.now(UTC) + duration(expires)

    async def make(room: "Room") -> str:
        return await room.invitations.create(
            Role(role), plain(label), expires_at=expires_at, uses=uses
        )

    path = f"/join/{room_id}.{with_room(data, room_id, make)}"
    note(folder_of(data), Kind.INVITED, room_id, action=role)
    print(json.dumps({"room": room_id, "role": role, "path": path}) if as_json else path)


def invitations(room_id: RoomArgument, data: Data = None, as_json: AsJson = False) -> None:
    """List a room's invitations: who made each, who came in by it, whether it still works."""

    async def read(room: "Room") -> list[dict[str, Any]]:
        names = {member.member_id: member.name for member in room.plan.members.values()}
        return [_document(it, names) for it in await room.invitations.listed()]

    rows = with_room(data, room_id, read)
    if as_json:
        print(json.dumps({"room": room_id, "invitations": rows}))
        return
    if not rows:
        print(f"No invitation yet; `commissure room invite {room_id}` makes one.")
    for row in rows:
        who = ", ".join(plain(name) for name in row["came_in"]) or "nobody yet"
        left = "any number of uses" if row["uses_left"] is None else f"{row['uses_left']} uses left"
        ends = "" if row["expires_at"] is None else f", until {row['expires_at'][:16]}"
        label = f" ({plain(row['label'])})" if row["label"] else ""
        print(f"{row['id']}  {row['role']}{label}: {row['state']}, {left}{ends}; came in: {who}")


def revoke(
    room_id: RoomArgument,
    invitation: Annotated[str, typer.Argument(help="Id, see `room invitations`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """End an invitation; those who came in by it stay members."""
    from sessions.audit.records import Kind
    from workspace.audit.operating import note

    async def end(room: "Room") -> None:
        await room.invitations.revoke(invitation)

    with_room(data, room_id, end)
    note(folder_of(data), Kind.INVITATION_REVOKED, room_id)
    told = {"room": room_id, "id": invitation, "state": "withdrawn"}
    print(json.dumps(told) if as_json else "Withdrawn; who came in by it stays.")


def duration(text: str) -> timedelta:
    """Return a duration.

    Raises
    ------
    MisuseError
        It is none, or longer than ten years.

    Examples
    --------
    >>> duration("12h")
    datetime.timedelta(seconds=43200)
    """
    found = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", text)
    lasts = timedelta() if found is None else int(found[1]) * UNITS[found[2]]
    if not timedelta() < lasts <= LONGEST:
        raise MisuseError("--expires is like 30m, 12h or 7d, up to 3650d")
    return lasts


def _document(invitation: "Invitation", names: dict[Any, str]) -> dict[str, Any]:
    return {
        "id": invitation.invitation_id,
        "role": invitation.role.value,
        "label": invitation.label,
        "state": _state(invitation),
        "made_by": names.get(invitation.made_by, "whoever runs the server"),
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
        "uses_left": invitation.uses_left,
        "came_in": [names.get(it.member_id, it.member_id) for it in invitation.arrivals],
    }


def _state(invitation: "Invitation") -> str:
    from sessions.invitations import stamp

    if invitation.revoked:
        return "withdrawn"
    if invitation.expires_at is not None and invitation.expires_at <= stamp(datetime.now(UTC)):
        return "expired"
    return "used up" if invitation.uses_left == 0 else "open"
