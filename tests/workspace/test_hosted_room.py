import asyncio
import os
import signal
from pathlib import Path

import apsw
import pytest

from imaging.space import Plane
from segmentation.surface.encoding import from_blob
from sessions.errors import LogError, RoomError
from sessions.plan.commands import AdjustCut, ApplyCut, Undo
from sessions.plan.records import CutId, FragmentId, OperationId, Plan
from sessions.protocol import Acknowledged, Advanced, Progress, Refused, Submit
from sessions.room import Room
from sessions.sqlite_log import SqliteLog
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import ANA, furnish, pin, place
from tests.workspace.served_room import ROOM, Guest, Line, Served, served
from workspace.audit.desk import AuditDesk
from workspace.planning.pool import GeometryPool
from workspace.server.hosted_room import HostedRoom
from workspace.server.hosting import Hosting
from workspace.server.metrics import Metrics
from workspace.storage import blobs_in

CUT = CutId("c1")
APPLY = ApplyCut(cut_id=CUT)
MISSING = Plane((0, 0, 39.9999), (0, 0, 1))
"""Within the bounds of the ball, and a grazing cut all the same."""


def worker_pids(pool: GeometryPool) -> list[int]:
    assert pool._executor is not None
    return list(pool._executor._processes)


async def test_a_cut_leaves_two_closed_fragments_that_add_up(server: Served) -> None:
    hosted = await server.hosted()
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone"))
        revision = await line.done(APPLY)
        progress = [it for it in line.heard if isinstance(it, Progress)]
    plan = hosted.room.plan
    whole = from_blob(hosted.blobs.read(plan.segments["bone"].surface.sha256))  # type: ignore[index]
    pieces = [from_blob(hosted.blobs.read(it.surface.sha256)) for it in plan.fragments.values()]
    assert len(pieces) == 2
    assert all(piece.is_watertight for piece in pieces)
    assert sum(piece.volume_ml for piece in pieces) == pytest.approx(whole.volume_ml, rel=1e-6)
    assert [(it.label, it.done, it.total) for it in progress] == [
        ("Cutting Bone", 0, 1),
        ("Cutting Bone", 1, 1),
    ]
    (entry,) = (it for it in (await hosted.room.entries()) if it.revision == revision)
    assert entry.member_id == ana.member_id


async def test_a_cut_is_taken_back_by_the_one_who_made_it(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone"))
        await line.done(APPLY)
        await line.done(Undo())
    plan = (await server.hosted()).room.plan
    assert not plan.fragments
    assert not plan.cuts[CUT].applied


async def test_the_same_cut_asked_for_twice_is_made_once(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line, ana.in_room() as other_tab:
        await line.done(place("c1", "bone"))
        first, again = await asyncio.gather(line.ask(APPLY, "cut"), other_tab.ask(APPLY, "cut"))
        late = await line.ask(APPLY, "cut")
    assert first == again == late
    assert isinstance(first, Acknowledged)


async def test_a_plane_that_was_moved_in_the_meantime_cuts_nothing(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        await at_ana.done(place("c1", "bone"))
        asked = asyncio.create_task(at_ana.ask(APPLY))
        await hear_progress(at_ben)
        await at_ben.done(AdjustCut(cut_id=CUT, plane=Plane((0, 0, 5), (0, 0, 1))))
        answer = await asked
    assert isinstance(answer, Refused)
    assert "moved" in answer.reason
    assert not (await server.hosted()).room.plan.fragments


async def hear_progress(line: Line) -> None:
    while (await line.hear(Progress)).done:
        pass


async def test_a_cut_that_is_computed_holds_up_nothing_else_of_its_author(tmp_path: Path) -> None:
    pool = GeometryPool()
    async with (
        served(tmp_path, pool) as server,
        Guest.joining(server) as ana,
        ana.in_room() as line,
    ):
        await line.done(place("c0", "box", Plane((110, 0, 0), (1, 0, 0))))
        await line.done(ApplyCut(cut_id=CutId("c0")))  # the worker is up
        await line.done(place("c1", "bone"))
        for pid in worker_pids(pool):
            os.kill(pid, signal.SIGSTOP)
        await line.say(Submit(operation_id=OperationId("cut"), command=APPLY))
        await line.done(pin("n1", "bone"))
        for pid in worker_pids(pool):
            os.kill(pid, signal.SIGCONT)
        assert (await line.hear(Acknowledged)).operation_id == "cut"


async def test_a_plane_that_grazes_is_refused_with_a_sentence(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone", MISSING))
        answer = await line.ask(APPLY)
    assert isinstance(answer, Refused)
    assert "leaves nothing of the structure" in answer.reason


async def test_a_killed_geometry_worker_costs_one_cut_and_not_the_next(tmp_path: Path) -> None:
    pool = GeometryPool()
    async with (
        served(tmp_path, pool) as server,
        Guest.joining(server) as ana,
        ana.in_room() as line,
    ):
        await line.done(place("c0", "box", Plane((110, 0, 0), (1, 0, 0))))
        await line.done(ApplyCut(cut_id=CutId("c0")))  # the worker is up
        await line.done(place("c1", "bone"))
        for pid in worker_pids(pool):
            os.kill(pid, signal.SIGSTOP)
        asked = asyncio.create_task(line.ask(APPLY))
        await asyncio.sleep(0.2)
        for pid in worker_pids(pool):
            os.kill(pid, signal.SIGKILL)
        answer = await asked
        assert isinstance(answer, Refused)
        assert answer.reason.count(";") == 1
        assert "its process ended" in answer.reason
        assert isinstance(await line.ask(APPLY), Acknowledged)


async def test_geometry_that_never_ends_is_given_up(tmp_path: Path) -> None:
    pool = GeometryPool(deadline_s=0.05)  # no second worker can start and cut in so short a time
    async with (
        served(tmp_path, pool) as server,
        Guest.joining(server) as ana,
        ana.in_room() as line,
    ):
        await line.done(place("c1", "bone"))
        (pid,) = worker_pids(pool)
        os.kill(pid, signal.SIGSTOP)
        answer = await line.ask(APPLY)
    assert isinstance(answer, Refused)
    assert "nothing was changed" in answer.reason


async def test_geometry_workers_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, time\n"
        "from workspace.planning.pool import GeometryPool\n"
        "if __name__ == '__main__':\n"
        "    pool = GeometryPool(); pool.warm()\n"
        "    print(*pool._executor._processes, flush=True)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "server.py"
    path.write_text(script)
    process = await asyncio.create_subprocess_exec(
        "python3", str(path), stdout=asyncio.subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    pid = int(await process.stdout.readline())
    await asyncio.sleep(1.5)  # until it watches its parent
    process.kill()
    await process.wait()
    async with asyncio.timeout(10):
        while is_running(pid):  # noqa: ASYNC110 (of a grandchild's end there is no event)
            await asyncio.sleep(0.05)


def environment() -> dict[str, str]:
    import sys

    bin_folder = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": bin_folder + os.pathsep + os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def test_a_server_started_again_keeps_cookies_links_and_the_plan(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with served(tmp_path, pool) as server, Guest.joining(server) as ana:
        link = (await server.link()).removeprefix(server.url)
        async with ana.in_room() as line:
            await line.done(place("c1", "bone"))
            await line.done(APPLY)
            await line.done(pin("n1", "bone"))
            before = line.welcome.boot_id
        state_hash = (await server.hosted()).room.state_hash
        cookies = list(ana.http.cookie_jar)
    async with served(tmp_path, pool) as server, Guest.arriving(server) as again:
        for cookie in cookies:
            again.http.cookie_jar.update_cookies({cookie.key: cookie})
        again.path = ana.path
        async with again.in_room() as line:
            assert line.welcome.state_hash == state_hash
            assert line.welcome.boot_id != before
            assert len(line.welcome.view["fragments"]) == 2
        assert (await again.post(link, "Ben")).status == 303


async def test_a_second_server_is_refused_the_room(server: Served, tmp_path: Path) -> None:
    second = Hosting.of_folder(tmp_path / "data")
    with pytest.raises(RoomError, match="is open in another server; stop that one"):
        await second.room(ROOM)
    assert await second.open_all() == {
        ROOM: f"room {ROOM} is open in another server; stop that one or open it there"
    }
    await second.close()
    assert server.hosting.room_ids() == (ROOM,)


async def test_nothing_is_acknowledged_that_is_not_in_the_file(
    server: Served, tmp_path: Path
) -> None:
    import apsw

    from sessions.sqlite_log import FILE_NAME

    reader = apsw.Connection(
        str(tmp_path / "data" / "rooms" / ROOM / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY
    )
    async with Guest.joining(server) as ana, ana.in_room() as line:
        for number in range(20):
            revision = await line.done(pin(f"n{number}", "bone"))
            (last,) = next(reader.execute("SELECT max(revision) FROM entries"))
            assert last >= revision
    reader.close()


async def test_progress_reaches_pages_also_late_ones_and_ends(server: Served) -> None:
    hosted = await server.hosted()
    async with Guest.joining(server) as ana, ana.in_room() as early:
        hosted.progress("import", "Reading slices", 3, 10)
        assert (await early.hear(Progress)).done == 3
        async with ana.in_room() as late:
            assert (await late.hear(Progress)).label == "Reading slices"
            hosted.progress("import", "Ready", 1, 1)
            assert (await late.hear(Progress)).done == 1
        async with ana.in_room() as after:
            await after.done(pin("n1", "bone"))
            assert not any(isinstance(it, Progress) for it in after.heard)


async def test_pages_are_told_why_a_room_goes(server: Served, tmp_path: Path) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        telling = asyncio.create_task(server.hosting.forget(ROOM, "the images were no use"))
        assert await line.farewell() == "the images were no use"
        await telling
        assert (await ana.get("")).status == 401
    assert not (tmp_path / "data" / "rooms" / ROOM).exists()


async def test_members_with_the_same_powers_get_the_same_bytes(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        await at_ana.done(pin("n1", "bone"))
        news = (await at_ben.hear(Advanced)), at_ana.heard[-1]
    assert isinstance(news[1], Advanced)
    assert news[0].changes == news[1].changes
    assert (news[0].can_undo, news[1].can_undo) == (False, True)


async def test_surfaces_of_both_sides_of_a_cut_are_served(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone"))
        await line.done(APPLY)
        plan: Plan = (await server.hosted()).room.plan
        for fragment_id in ("c1+", "c1-"):
            sha256 = plan.fragments[FragmentId(fragment_id)].surface.sha256
            answers = await asyncio.gather(*(ana.get(f"surfaces/{sha256}.drc") for _ in range(4)))
            assert [it.status for it in answers] == [200] * 4


async def test_a_room_that_cannot_record_says_so_on_the_page_and_to_the_operator(
    tmp_path: Path, pool: GeometryPool
) -> None:
    disk = FailingDisk("hosted-room")
    room = await furnish(await Room.over(await SqliteLog.open(tmp_path, "r", disk.name), "r"))
    audit = AuditDesk.of_folder(tmp_path)
    hosted = HostedRoom(room, blobs_in(tmp_path), pool, "boot", Metrics(), audit)
    asked = Submit(operation_id=OperationId("op"), command=pin())
    disk.failing_writes = apsw.FullError("full")
    with pytest.raises(LogError, match="disk is full"):
        await hosted.submit(ANA, asked)
    assert "disk is full" in hosted.panel_state(ANA)["alarm"]
    assert room.health.since is not None
    disk.failing_writes = None
    await hosted.submit(ANA, asked)
    assert hosted.panel_state(ANA)["alarm"] == ""
    hosted.close()
    await audit.close()
    await room.close()
    disk.unregister()
