"""Invitations as links that hold a token, and roles that are looked at once."""

import secrets
from dataclasses import dataclass, field


@dataclass
class NaiveRooms:
    """Rooms whose tokens are a set, and whose lines remember the role they began with."""

    members: dict[str, list[str]] = field(default_factory=dict)
    """Room -> who is in it."""

    roles: dict[str, str] = field(default_factory=dict)
    """Member -> role."""

    recorded: list[str] = field(default_factory=list)
    _tokens: set[str] = field(default_factory=set)

    def invite(self, room: str) -> str:
        """Return a link's token; what it is for, and until when, is in the mail around it."""
        self.members.setdefault(room, [])
        token = secrets.token_urlsafe(8)
        self._tokens.add(token)
        return token

    def join(self, room: str, token: str, name: str) -> bool:
        """Let whoever has a token in."""
        if token not in self._tokens:
            return False
        self.members.setdefault(room, []).append(name)
        return True

    def open_line(self, name: str) -> "NaiveLine":
        """Connect a member."""
        return NaiveLine(self, self.roles[name])


@dataclass
class NaiveLine:
    """A socket that was let in as what its member was then."""

    rooms: NaiveRooms
    role: str

    def command(self, command: str) -> bool:
        """Carry out a command if the role may."""
        if self.role == "observer":
            return False
        self.rooms.recorded.append(command)
        return True
