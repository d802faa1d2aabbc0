"""A page whose connection was lost for a moment is told what it missed, and shows the same plan."""

from typing import Any

import pytest

from imaging.space import RigidTransform
from sessions.plan.commands import (
    ApplyCut,
    ChangeRole,
    MoveFragment,
    OpenBranch,
    RemoveNote,
    SaveVersion,
    Undo,
)
from sessions.plan.records import MAIN, BranchId, CutId, FragmentId, NoteId, Role, VersionId
from sessions.protocol import PROTOCOL_VERSION, Advanced, Hello, Resumed, Seen, Welcome
from tests.sessions.scene import pin, place
from tests.workspace.served_room import Guest, Line, Served
from workspace.server import bulletin


async def greeted(guest: Guest, hello: Hello) -> tuple[Welcome | Resumed, Line]:
    """Return how a page is greeted, and its closed line with what came with the greeting."""
    async with guest.raw_socket() as socket:
        line = Line(socket)
        await line.say(hello)
        greeting = await line.hear(Welcome | Resumed)  # type: ignore[arg-type]
        line.heard.extend(line._unread)
        return greeting, line


def shown_by(welcome: Welcome) -> dict[str, Any]:
    return {kind: dict(of) for kind, of in welcome.view.items()}


def follow(view: dict[str, Any], messages: list[Any]) -> dict[str, Any]:
    """Return what a page shows once it has read these."""
    for message in messages:
        for change in message.changes if isinstance(message, Advanced) else ():
            if change.value is None:
                view[change.kind].pop(change.id, None)
            else:
                view[change.kind][change.id] = change.value
    return view


async def test_from_any_revision_resuming_shows_what_a_welcome_shows(server: Served) -> None:
    """Row 59."""
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        known = {at_ben.welcome.revision: shown_by(at_ben.welcome)}
        view = shown_by(at_ben.welcome)
        moved = MoveFragment(
            fragment_id=FragmentId("c1+"), transform=RigidTransform(translation_mm=(5, 0, 0))
        )
        for command in (
            pin("n1", "bone"),
            place("c1", "bone"),
            ApplyCut(cut_id=CutId("c1")),
            moved,
            pin("n2", "c1+"),
            RemoveNote(note_id=NoteId("n1")),
            Undo(),
        ):
            revision = await at_ana.done(command)
            while (told := await at_ben.hear(Advanced)).revision < revision:
                view = follow(view, [told])
            view = follow(view, [told])
            known[revision] = {kind: dict(of) for kind, of in view.items()}
        boot_id = at_ben.welcome.boot_id
        whole, _ = await greeted(ben, Hello(protocol=PROTOCOL_VERSION))
        assert isinstance(whole, Welcome)
        for revision, had in known.items():
            seen = Seen(boot_id=boot_id, revision=revision)
            greeting, line = await greeted(ben, Hello(protocol=PROTOCOL_VERSION, seen=seen))
            assert isinstance(greeting, Resumed)
            assert greeting.revision == whole.revision
            assert follow(had, line.heard) == shown_by(whole)


async def test_who_missed_nothing_is_told_nothing(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        seen = Seen(boot_id=line.welcome.boot_id, revision=line.welcome.revision)
        greeting, again = await greeted(ana, Hello(protocol=PROTOCOL_VERSION, seen=seen))
    assert isinstance(greeting, Resumed)
    assert not any(isinstance(it, Advanced) for it in again.heard)


@pytest.mark.parametrize("seen", [("another boot", 0), (None, 10_000), (None, -1), (None, 1)])
async def test_who_saw_what_is_not_kept_gets_the_plan_whole(
    server: Served, seen: tuple[str | None, int]
) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(pin("n1", "bone"))
        boot_id, shift = seen
        seen_then = Seen(boot_id=boot_id or line.welcome.boot_id, revision=shift)
        greeting, _ = await greeted(ana, Hello(protocol=PROTOCOL_VERSION, seen=seen_then))
    assert isinstance(greeting, Welcome)


async def test_what_is_kept_is_bounded(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin, "MAX_KEPT_BYTES", 4 * bulletin.NOTICE_BYTES)
    async with Guest.joining(server) as ana, ana.in_room() as line:
        before = Seen(boot_id=line.welcome.boot_id, revision=line.welcome.revision)
        for number in range(5):
            await line.done(pin(f"n{number}", "bone"))
        greeting, _ = await greeted(ana, Hello(protocol=PROTOCOL_VERSION, seen=before))
    assert isinstance(greeting, Welcome)


async def test_who_has_another_role_now_starts_anew(server: Served) -> None:
    async with (
        Guest.joining(server, Role.OWNER, name="Ana") as ana,
        Guest.joining(server, Role.PATIENT, name="Pat") as pat,
        ana.in_room() as at_ana,
        pat.in_room() as at_pat,
    ):
        seen = Seen(boot_id=at_pat.welcome.boot_id, revision=at_pat.welcome.revision)
        await at_ana.done(
            ChangeRole(member_id=pat.member_id, role=Role.SURGEON, expected=Role.PATIENT)
        )
        greeting, _ = await greeted(pat, Hello(protocol=PROTOCOL_VERSION, seen=seen))
    assert isinstance(greeting, Welcome)
    assert greeting.role is Role.SURGEON


async def test_a_page_resumes_on_the_branch_that_it_showed(server: Served) -> None:
    branch_id = BranchId("b1")
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(SaveVersion(version_id=VersionId("v1"), name="First"))
        revision = await line.done(
            OpenBranch(branch_id=branch_id, name="Other way", version_id=VersionId("v1"))
        )
        seen = Seen(boot_id=line.welcome.boot_id, revision=revision)
        hello = Hello(protocol=PROTOCOL_VERSION, seen=seen, branch_id=branch_id)
        greeting, _ = await greeted(ana, hello)
        gone, _ = await greeted(ana, Hello(protocol=PROTOCOL_VERSION, branch_id=BranchId("no")))
    assert isinstance(greeting, Resumed)
    assert greeting.branch_id == branch_id
    assert gone.branch_id == MAIN
