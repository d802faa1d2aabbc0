"""All rooms of one data folder, opened when somebody comes, and the panels of their members."""

import asyncio
import secrets
import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import structlog
from aiohttp import web

from sessions.audit.records import Actor, Kind
from sessions.errors import InvitationError, RoomError, SessionError
from sessions.invitations import Invitation as MadeInvitation
from sessions.lobby import Lobby
from sessions.plan.records import Member, MemberId, Role, RoomId
from sessions.room import Room, utc_now
from workspace.audit.callers import SERVER, member_of
from workspace.audit.desk import AuditDesk
from workspace.blobs import BlobStore
from workspace.panels.words import spoken_now
from workspace.planning.pool import GeometryPool
from workspace.server.admitting import admitted
from workspace.server.attendance import Attendance
from workspace.server.dismissals import Dismissals, member_now
from workspace.server.hosted_room import HostedRoom
from workspace.server.layouts import Layouts
from workspace.server.member_panels import MemberPanels
from workspace.server.metrics import Metrics
from workspace.server.open_sockets import OpenSockets
from workspace.server.terms import Terms
from workspace.storage import blobs_in, deleted_in, make_data_folder, rooms_in

log = structlog.get_logger()

UNKNOWN_LINK: Final = "there is no such invitation"
EXPELLED: Final = "you are no longer a member of this room"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link leads to."""

    room_id: RoomId
    title: str
    role: Role


@dataclass(frozen=True, slots=True)
class Admission:
    """A member who may come in now."""

    room_id: RoomId
    member_id: MemberId
    secret: str = ""
    """For the cookie of one who has no account."""


@dataclass(frozen=True, slots=True)
class Place:
    """An account's place in a room."""

    room_id: RoomId
    title: str
    member: Member
    last_opened_at: str


class Hosting:
    """Rooms, surfaces and panels behind one application.

    Parameters
    ----------
    lobby : Lobby
        The rooms of the data folder.
    blobs : BlobStore
        Its surfaces.
    pool : GeometryPool
        Where geometry is computed.
    audit : AuditDesk, optional
        Takes note of who does what; by default in the data folder. Closed with the hosting.
    """

    def __init__(
        self, lobby: Lobby, blobs: BlobStore, pool: GeometryPool, audit: AuditDesk | None = None
    ) -> None:
        self._lobby = lobby
        self._blobs = blobs
        self._pool = pool
        self.audit = audit or AuditDesk.of_folder(blobs.folder.parent)
        self.base_path = ""
        """What every path of this server begins with, behind a proxy with a prefix."""
        self.attendance = Attendance()
        self.open_sockets = OpenSockets()
        self._dismissals = Dismissals(self)
        self._followers: list[Callable[[HostedRoom], None]] = []
        self._admitting = asyncio.Lock()
        self.metrics = Metrics()
        pool.watcher = self.metrics.worker_job
        self._boot_id = secrets.token_hex(8)
        self._rooms: dict[RoomId, HostedRoom] = {}
        self._opening = asyncio.Lock()
        self.draining = False
        """The server stops: nobody new comes in."""
        self.is_opening = False
        self.not_served = 0
        """Rooms that could not be opened."""
        self.panel_lines: weakref.WeakSet[web.WebSocketResponse] = weakref.WeakSet()
        self._panels: dict[tuple[RoomId, MemberId, str], MemberPanels] = {}
        self.layouts = Layouts()

    @classmethod
    def of_folder(cls, data: Path, audit: AuditDesk | None = None) -> Self:
        """Return the hosting of a data folder, made if it is not there yet.

        Raises
        ------
        ServingError
            The folder cannot be written.
        """
        make_data_folder(data)
        return cls(Lobby(rooms_in(data)), blobs_in(data), GeometryPool(), audit)

    @property
    def blobs(self) -> BlobStore:
        """The surfaces of all rooms."""
        return self._blobs

    @property
    def data(self) -> Path:
        """The data folder."""
        return self._blobs.folder.parent

    @property
    def geometry_is_usable(self) -> bool:
        """Whether cuts can be computed."""
        return self._pool.is_usable

    @property
    def pool(self) -> GeometryPool:
        """Where geometry is computed."""
        return self._pool

    def follow_rooms(self, follow: Callable[[HostedRoom], None]) -> None:
        """Call this with every room that is open, and with each that is opened later."""
        self._followers.append(follow)
        for hosted in self.open_rooms():
            follow(hosted)

    def open_rooms(self) -> tuple[HostedRoom, ...]:
        """Return the rooms that are open."""
        return tuple(self._rooms.values())

    async def close(self) -> None:
        """Close every room; what was acknowledged is on disk already."""
        await self._dismissals.close()
        for panels in self._panels.values():
            panels.close()
        for hosted in self._rooms.values():
            hosted.close()
        await self._lobby.close()
        await self.audit.close()
        self._pool.close()

    def room_ids(self) -> tuple[RoomId, ...]:
        """Return the rooms of the folder."""
        return self._lobby.room_ids()

    async def create(self, room_id: RoomId) -> HostedRoom:
        """Make a new, empty room."""
        return self._host(await self._lobby.create(room_id))

    async def room(self, room_id: RoomId) -> HostedRoom:
        """Return a room, opened if it was not yet.

        Raises
        ------
        SessionError
            If there is none, or its log is damaged or held by another server.
        """
        async with self._opening:
            if room_id not in self._rooms:
                self._host(await self._lobby.open(room_id))
            return self._rooms[room_id]

    async def open_all(self) -> dict[RoomId, str]:
        """Open every room; return those that cannot be, each with the reason.

        A room whose import was cut off by a power failure or a kill holds nobody's work yet: it
        is removed.
        """
        unserved: dict[RoomId, str] = {}
        self.is_opening = True
        for room_id in self._lobby.room_ids():
            try:
                hosted = await self.room(room_id)
            except SessionError as error:
                unserved[room_id] = str(error)
                continue
            unfinished = self.staging_folder(room_id)
            if unfinished.is_dir():
                shutil.rmtree(unfinished)
                if not hosted.room.plan.segments:
                    await self.forget(room_id, "the import of this room did not finish")
        self.is_opening, self.not_served = False, len(unserved)
        log.info("rooms.opened", rooms=len(self._rooms), not_served=len(unserved))
        return unserved

    def staging_folder(self, room_id: RoomId) -> Path:
        """Return where a room's import keeps what is not yet part of the room."""
        return self._lobby.folder_of(room_id) / "import"

    async def forget(self, room_id: RoomId, reason: str) -> None:
        """Close a room and remove it from disk: only for one that never came to life."""
        async with self._opening:  # nobody opens it again meanwhile
            await self._close(room_id, reason)
            self._lobby.remove(room_id)
        self.audit.leave_room(room_id)
        self.audit.noted(Kind.ROOM_REMOVED, room_id)

    async def set_aside(self, room_id: RoomId, reason: str, by: Actor = SERVER) -> str:
        """Close a room and take it out of serving; return where it lies, for `bring_back`."""
        await self.room(room_id)
        async with self._opening:
            await self._close(room_id, reason)
            place = self._lobby.set_aside(room_id, deleted_in(self.data))
        self.audit.leave_room(room_id)
        self.audit.noted(Kind.ROOM_REMOVED, room_id, by, action="set_aside")
        return place.name

    async def bring_back(self, room_id: RoomId, place: str, by: Actor = SERVER) -> None:
        """Serve a room again that was set aside.

        Raises
        ------
        RoomError
            It is not there any more.
        """
        self._lobby.bring_back(room_id, deleted_in(self.data) / place)
        self.audit.noted(Kind.IMPORTED, room_id, by, action="brought_back")
        await self.room(room_id)

    async def _close(self, room_id: RoomId, reason: str) -> None:
        hosted = self._rooms.pop(room_id)
        for key in [key for key in self._panels if key[0] == room_id]:
            self._panels.pop(key).close()
        await hosted.part(reason)
        await hosted.room.close()

    async def invite(self, room_id: RoomId, role: Role) -> str:
        """Return the path of a new invitation link, good for any number of people."""
        return await self.invite_on(room_id, Terms(role))

    async def invite_on(self, room_id: RoomId, terms: Terms, made_by: str = "") -> str:
        """Return the path of a new invitation link; it can never be read again.

        Parameters
        ----------
        made_by : str
            The member who invites; empty: whoever runs the server.
        """
        hosted = await self.room(room_id)
        token = await hosted.room.invitations.create(
            terms.role,
            terms.label,
            expires_at=None if terms.lasts is None else utc_now() + terms.lasts,
            uses=terms.uses,
            made_by=made_by,
        )
        self.audit.noted(
            Kind.INVITED, room_id, member_of(hosted.room, made_by), action=terms.role.value
        )
        return f"{self.base_path}/join/{room_id}.{token}"

    async def invitations(self, room_id: RoomId) -> tuple[MadeInvitation, ...]:
        """Return a room's invitations, ended ones too: who made each, and who came in by it."""
        return await (await self.room(room_id)).room.invitations.listed()

    async def revoke_invitation(self, room_id: RoomId, invitation_id: str) -> None:
        """End an invitation; those who came in by it stay."""
        await (await self.room(room_id)).room.invitations.revoke(invitation_id)
        self.audit.noted(Kind.INVITATION_REVOKED, room_id, about=invitation_id)

    async def expel(self, room_id: RoomId, member_id: MemberId, reason: str = EXPELLED) -> None:
        """Let a member in no more, and close what they have open, within the second."""
        hosted = await self.room(room_id)
        await hosted.room.credentials.revoke(member_id)
        await hosted.room.member_accounts.release(member_id)
        self.audit.noted(Kind.MEMBER_REMOVED, room_id, about=member_id)
        self.attendance.end_member(room_id, member_id, reason)
        await hosted.part_member(member_id, reason)
        for key in [key for key in self._panels if key[:2] == (room_id, member_id)]:
            self._panels.pop(key).close()

    async def invitation(self, token: str) -> Invitation:
        """Return what a link leads to, or raise `InvitationError`."""
        hosted, secret = await self._room_behind(token)
        role = (await hosted.room.invitations.resolve(secret)).role
        title = hosted.room.plan.title or "A planning room"
        return Invitation(RoomId(hosted.room.room_id), title, role)

    async def admit(self, token: str, name: str) -> Admission:
        """Make a member of whoever holds a link."""
        hosted, secret = await self._room_behind(token)
        member_id = await admitted(hosted, secret, name)
        credential = await hosted.room.credentials.issue(member_id)
        return Admission(RoomId(hosted.room.room_id), member_id, credential)

    async def admit_account(self, token: str, account_id: str, name: str) -> Admission:
        """Make a member of an account whose owner holds a link; once, on however many devices."""
        hosted, secret = await self._room_behind(token)
        room = hosted.room
        async with self._admitting:  # two devices that open a link at once are one member
            known = await self._member_by_account(hosted, account_id)
            if known is None:
                await room.invitations.resolve(secret)
                member_id = await admitted(hosted, secret, name)
                await room.member_accounts.bind(account_id, member_id)
            else:
                member_id = known.member_id
        return Admission(RoomId(room.room_id), member_id)

    async def member_of(
        self, room_id: RoomId, member_id: MemberId, secret: str
    ) -> tuple[HostedRoom, Member]:
        """Return a room and its member, or raise `InvitationError` if the secret is not theirs."""
        hosted = await self._known_room(room_id)
        member = member_now(hosted.room, member_id)
        if member is None or await hosted.room.credentials.member_of(secret) != member_id:
            raise InvitationError(UNKNOWN_LINK)
        return hosted, member

    async def place_of(self, token: str, account_id: str) -> Admission | None:
        """Return the account's place in the room that a link leads to, if it has one."""
        try:
            hosted, _ = await self._room_behind(token)
        except InvitationError:
            return None
        member = await self._member_by_account(hosted, account_id)
        room_id = RoomId(hosted.room.room_id)
        return None if member is None else Admission(room_id, member.member_id)

    async def places_of(self, account_id: str) -> tuple[Place, ...]:
        """Return the rooms of an account, the last opened first."""
        places = []
        for room_id in self._lobby.room_ids():
            try:
                room = (await self.room(room_id)).room
            except SessionError:
                continue  # damaged, or held by another server: nobody comes in there now
            membership = await room.member_accounts.membership_of(account_id)
            member = None if membership is None else member_now(room, membership.member_id)
            if membership is not None and member is not None:
                title = room.plan.title or "A planning room"
                places.append(Place(room_id, title, member, membership.last_opened_at))
        return tuple(sorted(places, key=lambda it: it.last_opened_at, reverse=True))

    async def member_by_account(
        self, room_id: RoomId, account_id: str
    ) -> tuple[HostedRoom, Member]:
        """Return a room and the member that an account is, or raise `InvitationError`."""
        hosted = await self._known_room(room_id)
        member = await self._member_by_account(hosted, account_id)
        if member is None:
            raise InvitationError(UNKNOWN_LINK)
        return hosted, member

    def panels_of(self, hosted: HostedRoom, member: Member) -> MemberPanels:
        """Return the panels of a member in the language of now, made when they first come."""
        key = (RoomId(hosted.room.room_id), member.member_id, spoken_now())
        if key not in self._panels:
            layout = self.layouts.of(spoken_now()).state
            self._panels[key] = MemberPanels(hosted, member, layout, self, self.base_path)
        return self._panels[key]

    def _host(self, room: Room) -> HostedRoom:
        hosted = HostedRoom(room, self._blobs, self._pool, self._boot_id, self.metrics, self.audit)
        self._rooms[RoomId(room.room_id)] = hosted
        self.audit.attend(room)
        self._dismissals.follow(room)
        for follow in self._followers:
            follow(hosted)
        return hosted

    async def _room_behind(self, token: str) -> tuple[HostedRoom, str]:
        room_id, _, secret = token.partition(".")
        return await self._known_room(RoomId(room_id)), secret

    async def _known_room(self, room_id: RoomId) -> HostedRoom:
        try:
            return await self.room(room_id)
        except RoomError as error:
            raise InvitationError(UNKNOWN_LINK) from error

    async def _member_by_account(self, hosted: HostedRoom, account_id: str) -> Member | None:
        membership = await hosted.room.member_accounts.membership_of(account_id)
        return None if membership is None else member_now(hosted.room, membership.member_id)
