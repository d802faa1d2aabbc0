"""Panels over a real socket, with the messages that trame's client would send."""

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from sessions.members import permissions_of
from sessions.plan.commands import SaveVersion
from sessions.plan.records import Role, VersionId
from tests.sessions.scene import pin
from tests.workspace.served_room import Guest, Served

HEADER = struct.Struct("<III")


@dataclass
class Panels:
    """One page's panels, as trame's client sees them."""

    socket: ClientWebSocketResponse
    told: list[dict[str, Any]] = field(default_factory=list)
    _calls: int = 0
    _last: str = ""

    async def call(self, method: str, *arguments: object) -> None:
        """Send a call, whole in one frame."""
        self._calls += 1
        self._last = f"{'system' if method == 'wslink.hello' else 'rpc'}:{self._calls}"
        call = {"id": self._last, "method": method, "args": arguments, "kwargs": {}}
        body = msgspec.msgpack.encode({"wslink": "1.0", **call})
        await self.socket.send_bytes(HEADER.pack(self._calls, 0, len(body)) + body)

    async def hear(self, within_s: float = 10.0) -> dict[str, Any]:
        """Return the next message."""
        frame = await self.socket.receive(timeout=within_s)
        assert frame.type == WSMsgType.BINARY, frame
        message: dict[str, Any] = msgspec.msgpack.decode(frame.data[HEADER.size :])
        self.told.append(message)
        return message

    async def answer(self) -> Any:  # noqa: ANN401 (whatever the call returns)
        """Return the result of the last call."""
        while True:
            message = await self.hear()
            if message.get("id") == self._last:
                return message.get("result", message)

    async def silence(self) -> bool:
        """Say whether nothing comes any more."""
        try:
            await self.hear(within_s=0.5)
        except TimeoutError:
            return True
        return False


async def opened(guest: Guest, socket: ClientWebSocketResponse) -> Panels:
    async with guest.http.post(f"{guest.path}session", headers={"Origin": guest.origin}) as answer:
        secret = (await answer.json())["secret"]
    panels = Panels(socket)
    await panels.call("wslink.hello", {"secret": secret})
    await panels.answer()
    return panels


@pytest.fixture
async def ana(server: Served) -> AsyncIterator[Guest]:
    async with Guest.joining(server, Role.OWNER, "Ana") as guest:
        yield guest


async def state_of(panels: Panels) -> dict[str, Any]:
    await panels.call("trame.state.get")
    state: dict[str, Any] = (await panels.answer())["state"]
    return state


async def test_the_panels_show_the_room_and_who_is_looking(ana: Guest) -> None:
    async with ana.raw_socket("trame") as socket:
        state = await state_of(await opened(ana, socket))
    assert state["casefile"]["title"] == "Two solids"
    assert [row["name"] for row in state["solids"]] == ["Bone", "Box (left)"]
    assert set(state["me"].pop("may")) == set(permissions_of(Role.OWNER))
    assert state["me"] == {
        "id": ana.member_id, "name": "Ana", "role": "owner", "editor": True, "owner": True,
    }  # fmt: skip


async def test_panels_follow_the_room(server: Served, ana: Guest) -> None:
    async with ana.raw_socket("trame") as socket, ana.in_room() as line:
        panels = await opened(ana, socket)
        await state_of(panels)
        await line.done(pin("n1", "bone", text="{{constructor}}<img>"))
        hosted = await server.hosted()
        async with asyncio.timeout(10):
            while "{{constructor}}<img>" not in repr(await panels.hear()):
                pass
        assert hosted.panel_state(ana.member_id)["notes"][0]["text"] == "{{constructor}}<img>"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("application.exit", ()),
        ("application.exit.later", (0,)),
        ("trame.force.push", ("solids",)),
        ("trame.error.client", ("x",)),
        ("trame.trigger", ("anything", [], {})),
        ("trame.trigger", ("trigger__1", [], {})),
    ],
)
async def test_a_page_that_calls_what_it_may_not_gets_no_answer(
    server: Served, ana: Guest, method: str, arguments: tuple[object, ...]
) -> None:
    async with ana.raw_socket("trame") as socket:
        panels = await opened(ana, socket)
        await state_of(panels)
        await panels.call(method, *arguments)
        assert await panels.silence()
        assert (await state_of(panels))["casefile"]["title"] == "Two solids"
    assert (await ana.get("")).status == 200
    assert server.hosting.room_ids()


async def test_what_a_page_may_not_set_stays_as_it_is(ana: Guest) -> None:
    async with ana.raw_socket("trame") as socket:
        panels = await opened(ana, socket)
        before = await state_of(panels)
        changes = [
            {"key": key, "value": "evil"}
            for key in ("trame__template_main", "trame__vue_use", "me", "solids", "base")
        ]
        await panels.call("trame.state.update", [*changes, {"key": "panel", "value": "case"}])
        await panels.answer()
        after = await state_of(panels)
    for key in ("me", "solids", "base"):
        assert after[key] == before[key]
    assert "evil" not in repr(after)
    assert after["panel"] == "case"


async def test_one_members_panels_are_not_anothers(server: Served, ana: Guest) -> None:
    async with (
        Guest.joining(server, Role.SURGEON, "Ben") as ben,
        ana.raw_socket("trame") as at_ana,
        ben.raw_socket("trame") as at_ben,
    ):
        panels = await opened(ana, at_ana), await opened(ben, at_ben)
        await panels[0].call("trame.state.update", [{"key": "panel", "value": "case"}])
        await panels[0].answer()
        states = [await state_of(each) for each in panels]
    assert [state["panel"] for state in states] == ["case", "plan"]
    assert [state["me"]["name"] for state in states] == ["Ana", "Ben"]


async def test_only_an_owner_gets_invitation_links(server: Served, ana: Guest) -> None:
    async with (
        Guest.joining(server, Role.SURGEON, "Ben") as ben,
        ana.raw_socket("trame") as at_ana,
        ben.raw_socket("trame") as at_ben,
    ):
        owner, surgeon = await opened(ana, at_ana), await opened(ben, at_ben)
        paths = []
        for role in Role:
            for panels in (owner, surgeon):
                await panels.call("trame.trigger", "make_link", [role.value, 7, 1, "for Eva"], {})
                await panels.answer()
            paths.append((await state_of(owner))["new_link"]["path"])
        rows = (await state_of(owner))["invitations"]
        refused = await state_of(surgeon)
        assert (refused["invitations"], refused["new_link"]) == ([], None)
        assert sorted(row["role"] for row in rows if row["label"] == "for Eva") == sorted(Role)
        assert rows[0]["terms"].startswith("1 more, until 2")
        async with Guest.arriving(server) as guest:
            for path in paths:
                assert (await guest.get(path)).status == 200
            for row in rows:
                await owner.call("trame.trigger", "revoke_link", [row["id"]], {})
                await owner.answer()
            for path in paths:
                assert (await guest.get(path)).status == 410
        assert (await state_of(owner))["invitations"] == []


async def test_a_wrong_secret_gets_no_state(ana: Guest) -> None:
    async with ana.raw_socket("trame") as socket:
        panels = Panels(socket)
        await panels.call("wslink.hello", {"secret": "wslink-secret"})
        await panels.call("trame.state.get")
        async with asyncio.timeout(10):
            told = repr(
                [
                    await panels.hear(),
                ]
            )
    assert "Two solids" not in told


async def test_a_text_or_oversized_frame_ends_only_that_socket(ana: Guest) -> None:
    for send in ("text", b"x" * 100_000):
        async with ana.raw_socket("trame") as socket:
            if isinstance(send, bytes):
                await socket.send_bytes(send)
            else:
                await socket.send_str(send)
            assert (await socket.receive(timeout=10)).type.name.startswith("CLOS")
    async with ana.raw_socket("trame") as socket:
        assert (await state_of(await opened(ana, socket)))["casefile"]["title"] == "Two solids"


async def test_two_versions_are_compared_and_what_was_said_is_found(
    server: Served, ana: Guest
) -> None:
    async with ana.raw_socket("trame") as socket, ana.in_room() as line:
        panels = await opened(ana, socket)
        await line.done(SaveVersion(version_id=VersionId("v1"), name="first"))
        await line.done(pin("n1", "bone", text="mind the sinus"))
        await panels.call("trame.trigger", "compare", ["v1", "now:main"], {})
        await panels.answer()
        state = await state_of(panels)
        assert (state["compare_open"], state["compare_problem"]) == (True, "")
        assert state["comparison"]["one"]["label"] == "v1 (first)"
        assert [(row["what"], row["who"]) for row in state["comparison"]["rows"]] == [
            ("added", "Ana")
        ]
        await panels.call("trame.trigger", "compare", ["v9", "now:main"], {})
        await panels.answer()
        assert "no such version" in (await state_of(panels))["compare_problem"]
        await panels.call("trame.trigger", "search", ["sinus"], {})
        await panels.answer()
        assert [row["text"] for row in (await state_of(panels))["found"]] == ["mind the sinus"]
    async with (
        Guest.joining(server, Role.PATIENT, "Pat") as pat,
        pat.raw_socket("trame") as socket,
    ):
        panels = await opened(pat, socket)
        for name, arguments in (("compare", ["v1", "now:main"]), ("search", ["sinus"])):
            await panels.call("trame.trigger", name, arguments, {})
            await panels.answer()
        state = await state_of(panels)
        assert (state["comparison"], state["found"], state["notes"]) == (None, None, [])
