"""Commands of one socket overlap where they may, and keep their order where they must."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sessions.plan.commands import ApplyCut, MemberCommand, Redo, Undo
from sessions.plan.records import CutId, OperationId
from sessions.protocol import Submit
from tests.sessions.scene import pin, place
from workspace.server.commands_in_flight import MAX_IN_FLIGHT, Arrived, CommandsInFlight

CUT = ApplyCut(cut_id=CutId("c1"))


class Desk:
    """Carries commands out when told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self._gates: dict[str, asyncio.Event] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.commands = CommandsInFlight(self._carry_out, self._may_begin)

    async def _may_begin(self) -> None:
        await self.open.wait()

    async def _carry_out(self, arrived: Arrived) -> None:
        name = arrived.submit.operation_id
        self.begun.append(name)
        await self._gate(name).wait()

    def _gate(self, name: str) -> asyncio.Event:
        return self._gates.setdefault(name, asyncio.Event())

    def ask(self, name: str, command: MemberCommand) -> bool:
        return self.commands.take(Submit(operation_id=OperationId(name), command=command))

    async def answer(self, *names: str) -> None:
        for name in names:
            self._gate(name).set()
        await settled()


async def settled() -> None:
    """Let whatever can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    running = asyncio.create_task(desk.commands.run())
    yield desk
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_commands_are_begun_in_order_without_waiting_for_answers(desk: Desk) -> None:
    for name in "abc":
        desk.ask(name, pin(name, "bone"))
    await settled()
    assert desk.begun == ["a", "b", "c"]


async def test_a_cut_waits_for_its_plane_and_holds_up_nobody(desk: Desk) -> None:
    desk.ask("place", place("c1", "bone"))
    desk.ask("cut", CUT)
    await settled()
    assert desk.begun == ["place"]
    await desk.answer("place")
    desk.ask("pin", pin("n1", "bone"))
    await settled()
    assert desk.begun == ["place", "cut", "pin"]


@pytest.mark.parametrize("command", [Undo(), Redo()])
async def test_taking_back_waits_for_all_that_was_asked_before(
    desk: Desk, command: MemberCommand
) -> None:
    desk.ask("cut", CUT)
    desk.ask("pin", pin("n1", "bone"))
    desk.ask("back", command)
    desk.ask("later", pin("n2", "bone"))
    await settled()
    await desk.answer("pin")
    assert desk.begun == ["cut", "pin"]
    await desk.answer("cut")
    assert desk.begun == ["cut", "pin", "back", "later"]


async def test_no_more_are_accepted_than_may_be_in_flight(desk: Desk) -> None:
    assert all(desk.ask(f"n{number}", pin("n", "bone")) for number in range(MAX_IN_FLIGHT))
    assert not desk.ask("one more", pin("n", "bone"))
    await settled()
    assert not desk.ask("one more", pin("n", "bone"))
    await desk.answer("n0")
    assert desk.ask("one more", pin("n", "bone"))


async def test_what_has_to_wait_for_the_server_keeps_its_order(desk: Desk) -> None:
    desk.open.clear()
    desk.ask("a", pin("a", "bone"))
    await settled()
    assert desk.begun == []
    desk.open.set()
    desk.ask("b", pin("b", "bone"))
    await settled()
    assert desk.begun == ["a", "b"]
