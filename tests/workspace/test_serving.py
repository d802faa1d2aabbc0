import asyncio
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sessions.plan.anatomy import surfaces_of
from tests.workspace.served_room import Guest, Served
from workspace.errors import ServingError
from workspace.server.serving import bound_socket, forever, until_told_to_stop, url_of
from workspace.server.token_bucket import TokenBucket
from workspace.storage import blobs_in, disk_errors_told, keeping_together, make_data_folder


def test_a_free_port_is_found_and_named() -> None:
    with bound_socket("127.0.0.1", 0) as listener:
        assert url_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
    with bound_socket("0.0.0.0", 0) as listener:
        assert url_of(listener).startswith("http://127.0.0.1:")


def test_an_address_of_six_is_put_in_brackets() -> None:
    try:
        listener = bound_socket("::1", 0)
    except ServingError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert url_of(listener).startswith("http://[::1]:")


def test_a_port_that_is_taken_is_refused_in_one_sentence() -> None:
    with bound_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ServingError, match=f"port {port} on 127.0.0.1 is in use; choose"):
            bound_socket("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", ""])
def test_an_address_that_is_none_of_this_machine_is_refused(host: str) -> None:
    if not host:
        bound_socket(host, 0).close()  # any address: what the operating system takes it for
        return
    with pytest.raises(ServingError, match=f"cannot listen on {host}"):
        bound_socket(host, 0)


async def test_a_signal_ends_the_block_and_the_program_goes_on() -> None:
    swept = False
    for number in (signal.SIGINT, signal.SIGTERM):
        with until_told_to_stop():
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), number)
            try:
                await forever()
            finally:
                swept = True
        assert swept


async def test_other_cancellations_go_on_as_ever() -> None:
    async def run() -> None:
        with until_told_to_stop():
            await forever()

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_front_door_and_its_health_say_nothing_of_rooms(server: Served) -> None:
    async with Guest.arriving(server) as guest:
        door = await (await guest.get("/")).text()
        health = await (await guest.get("/health")).json()
    assert "invitation links" in door
    assert "theatre" not in door
    assert health == {"status": "ok"}


async def test_a_fault_of_our_own_reaches_the_browser_as_a_number(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = await server.hosted()

    def fail() -> None:
        raise RuntimeError("canary of the inside")

    async with Guest.joining(server) as ana:
        monkeypatch.setattr(hosted, "names_surface", fail)
        answer = await ana.get(f"surfaces/{'0' * 64}.drc")
        text = await answer.text()
    assert answer.status == 500
    assert "canary" not in text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_blob_that_was_changed_on_disk_is_not_sent(server: Served) -> None:
    hosted = await server.hosted()
    for sha256 in surfaces_of(hosted.room.plan):
        path = hosted.blobs.path(sha256)
        path.write_bytes(path.read_bytes()[:-4] + b"evil")
    async with Guest.joining(server) as ana:
        for path_of in ("export/bone.stl", "bundle"):
            answer = await ana.get(path_of)
            assert answer.status == 503
            assert "was changed on disk" in await answer.text()


def test_blobs_come_in_together_or_not_at_all(tmp_path: Path) -> None:
    blobs = blobs_in(tmp_path)
    with keeping_together(blobs) as keep:
        kept = keep(b"kept")

    def fail_after_two() -> None:
        with keeping_together(blobs) as keep:
            assert keep(b"kept") == kept
            keep(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_after_two()
    assert blobs.has(kept)
    assert not blobs.has(blobs.name_of(b"new"))


def test_what_the_disk_says_becomes_a_sentence(tmp_path: Path) -> None:
    for number in (errno.ENOSPC, errno.EDQUOT):
        with (
            pytest.raises(ServingError, match="is full; free some space"),
            disk_errors_told(tmp_path),
        ):
            raise OSError(number, "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(ServingError, match=r"cannot be written \(not a directory\)"):
        make_data_folder(tmp_path / "file" / "data")


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    now = [0.0]
    bucket = TokenBucket(rate_per_s=2.0, burst=3.0, clock=lambda: now[0])
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]
    now[0] = 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert sum(bucket.take() for _ in range(10)) == 3


def test_nothing_heavy_is_loaded_into_the_web_process() -> None:
    script = (
        "import sys, workspace.cli.running_room, workspace.server.application\n"
        "heavy = 'vtkmodules SimpleITK scipy manifold3d pydicom DracoPy highdicom'.split()\n"
        "print(*(name for name in heavy if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
