"""Uploads over HTTP: resumed at the byte, bounded, named safely, and nobody else's."""

import asyncio
import dataclasses
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.workspace.uploader import ANSWER_WITHIN_S, SMALL, ImportServer, Uploader, importing
from workspace.planning.pool import GeometryPool
from workspace.uploading.limits import UploadLimits

FILES: Final = {
    "study/a.dcm": b"first" * 300,
    "study/empty": b"",
    "study/deep/er/b.dcm": b"second" * 100,
    "c": b"3",
    "last-empty": b"",
}
STREAM: Final = b"".join(FILES.values())


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[ImportServer]:
    async with importing(tmp_path / "data", pool) as running:
        yield running


def files_of(server: ImportServer, upload: str) -> dict[str, bytes]:
    folder = server.data / "uploads" / upload / "files"
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("chunk", [1, 7, 999, 1000])
async def test_what_was_sent_lies_on_disk_byte_by_byte(server: ImportServer, chunk: int) -> None:
    files = {path: content[:50] for path, content in FILES.items()} if chunk == 1 else FILES
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(files)
        await ana.fill(upload, b"".join(files.values()), chunk)
        await ana.ask("POST", f"uploads/{upload}/inspection")
        assert files_of(server, upload) == files


async def test_the_list_of_files_may_come_in_parts(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 3, "total_bytes": 6}
        upload = (await ana.ask("POST", "uploads", asked))["id"]
        await ana.ask("PUT", f"uploads/{upload}/list/0", [["a", 1], ["b", 2]])
        assert (await ana.patch(upload, 0, b"abbccc")).status == 409
        answer = await ana.send("PUT", f"uploads/{upload}/list/0", [["a", 1]])
        assert (answer.status, (await answer.json())["listed"]) == (409, 2)
        await ana.ask("PUT", f"uploads/{upload}/list/2", [["c", 3]])
        await ana.fill(upload, b"abbccc", 4)
        assert files_of(server, upload) == {"a": b"a", "b": b"bb", "c": b"ccc"}


async def test_what_came_before_the_line_was_lost_counts(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        place = urlsplit(server.url)
        assert place.port
        _, line = await asyncio.open_connection(place.hostname, place.port)
        line.write(ana.raw_request(upload, 0, 1000) + STREAM[:700])
        await line.drain()
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while await ana.offset(upload) < 700:
                pass
        line.close()
        await ana.fill(upload, STREAM, 1000)
        await ana.ask("POST", f"uploads/{upload}/inspection")
        assert files_of(server, upload) == FILES


async def test_a_newer_line_takes_over_from_one_that_hangs(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        place = urlsplit(server.url)
        assert place.port
        answer, line = await asyncio.open_connection(place.hostname, place.port)
        line.write(ana.raw_request(upload, 0, 1000) + STREAM[:10])
        await line.drain()
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while await ana.offset(upload) < 10:
                pass
        await ana.fill(upload, STREAM, 900)
        assert b" 409 " in await answer.readline()
        line.close()
        assert await ana.offset(upload) == len(STREAM)


@pytest.mark.parametrize("offset", [0, 499, 501, 10**9, 10**18])
async def test_a_wrong_offset_is_answered_with_the_true_one(
    server: ImportServer, offset: int
) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        assert (await ana.patch(upload, 0, STREAM[:500])).status == 204
        answer = await ana.patch(upload, offset, b"more")
        assert (answer.status, answer.headers["Upload-Offset"]) == (409, "500")
        assert answer.headers["Upload-Length"] == str(len(STREAM))
        assert await ana.offset(upload) == 500


@pytest.mark.parametrize("offset", ["", "-1", "x", "1" * 30, "٣"])
async def test_an_offset_that_is_no_number_is_refused(server: ImportServer, offset: str) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        answer = await ana.send("PATCH", f"uploads/{upload}", b"x", {"Upload-Offset": offset})
        assert answer.status == 422


async def test_an_upload_goes_on_after_a_restart_of_the_server(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with importing(tmp_path, pool) as first, Uploader.visiting(first) as ana:
        upload = await ana.begin(FILES, "the-same")
        await ana.patch(upload, 0, STREAM[:1000])
        await ana.patch(upload, 1000, STREAM[1000:1777])
        async with importing_again(first, pool) as second:
            ana.origin = second.url
            (known,) = (await ana.ask("POST", "session"))["uploads"]
            assert (known["id"], known["fingerprint"]) == (upload, "the-same")
            assert known["offset"] == await ana.offset(upload) == 1777
            await ana.fill(upload, STREAM, 1000)
            await ana.ask("POST", f"uploads/{upload}/inspection")
            assert files_of(second, upload) == FILES


async def test_after_a_restart_of_the_machine_everything_is_sent_again(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """A power failure leaves blanks where content was counted: those would be pixels."""
    async with importing(tmp_path, pool) as first, Uploader.visiting(first) as ana:
        upload = await ana.begin(FILES)
        await ana.patch(upload, 0, STREAM[:1000])
        path = tmp_path / "uploads" / upload / "upload.json"
        promise = {**json.loads(path.read_text()), "machine_start": "another"}
        path.write_text(json.dumps(promise))
        async with importing_again(first, pool) as second:
            ana.origin = second.url
            state = await ana.ask("GET", f"uploads/{upload}")
            assert (state["listed"], state["offset"]) == (0, 0)
            entries = [[path, len(content)] for path, content in FILES.items()]
            await ana.ask("PUT", f"uploads/{upload}/list/0", entries)
            await ana.fill(upload, STREAM, 1000)
            await ana.ask("POST", f"uploads/{upload}/inspection")
            assert files_of(second, upload) == FILES


def importing_again(first: ImportServer, pool: GeometryPool):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Serve the data folder a second time, as after a kill: the first server lets go of nothing."""
    os.close(first.desk.shelf._lock)
    first.desk.shelf._lock = os.open(first.data, os.O_RDONLY)
    return importing(first.data, pool)


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"total_bytes": 20 * 2**30 + 1}, "too_large", 413),
        ({"total_bytes": 2**100}, "too_large", 413),
        ({"files": 200_001}, "too_many_files", 413),
        ({"files": 0}, "bad_list", 422),
        ({"total_bytes": -1}, "bad_list", 422),
        ({"fingerprint": "x" * 65}, "bad_list", 422),
        ({"files": "many"}, "bad_request", 422),
    ],
)
async def test_an_upload_beyond_the_limits_is_refused_before_it_begins(
    server: ImportServer, change: dict[str, object], code: str, status: int
) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 1, "total_bytes": 1, **change}
        answer = await ana.send("POST", "uploads", asked)
        assert (answer.status, (await answer.json())["code"]) == (status, code)
    assert server.left == []


async def test_an_upload_that_the_disk_has_no_room_for_is_refused(
    tmp_path: Path, pool: GeometryPool
) -> None:
    full = dataclasses.replace(SMALL, reserve_bytes=2**62)
    async with importing(tmp_path, pool, full) as server, Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 1, "total_bytes": 1}
        status, refusal = await ana.refused("POST", "uploads", asked)
        assert (status, refusal["code"]) == (507, "no_space")
        assert "free some space" in refusal["message"]


async def test_a_disk_that_fills_up_in_mid_upload_stops_it_where_it_stands(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with importing(tmp_path, pool) as server, Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        await ana.patch(upload, 0, STREAM[:800])
        shelf = server.desk.shelf
        shelf.limits = dataclasses.replace(SMALL, reserve_bytes=2**62)
        answer = await ana.patch(upload, 800, STREAM[800:1600])
        assert answer.status == 507
        assert await ana.offset(upload) == 800
        shelf.limits = SMALL
        await ana.fill(upload, STREAM, 1000)


async def test_a_request_longer_than_allowed_is_refused(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin({"a": b"x" * 5000})
        assert (await ana.patch(upload, 0, b"x" * 1001)).status == 413
        assert await ana.offset(upload) == 0
        assert (await ana.send("POST", "uploads", {"fingerprint": "x" * 20_000})).status == 413


async def test_more_content_than_announced_is_refused(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin({"a": b"12345"})
        assert (await ana.patch(upload, 0, b"123456")).status == 413
        await ana.fill(upload, b"12345", 5)
        assert (await ana.patch(upload, 5, b"6")).status == 413
        assert files_of(server, upload) == {"a": b"12345"}


@pytest.mark.parametrize("entries", [[["a", 6]], [["a", 2]], [["a", -5]], [["a", 2**70]], {}])
async def test_a_list_that_does_not_keep_its_promise_is_refused(
    server: ImportServer, entries: object
) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 1, "total_bytes": 5}
        upload = (await ana.ask("POST", "uploads", asked))["id"]
        assert (await ana.refused("PUT", f"uploads/{upload}/list/0", entries))[0] == 422
        await ana.ask("PUT", f"uploads/{upload}/list/0", [["a", 5]])


async def test_an_uploader_has_a_few_unfinished_uploads_at_most(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana, Uploader.visiting(server) as ben:
        uploads = [await ana.begin(FILES) for _ in range(3)]
        asked = {"fingerprint": "", "files": 1, "total_bytes": 1}
        assert (await ana.refused("POST", "uploads", asked))[0] == 429
        await ben.begin(FILES)
        await ana.ask("DELETE", f"uploads/{uploads[0]}")
        await ana.begin(FILES)


async def test_the_same_files_can_be_sent_twice(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        uploads = [await ana.begin(FILES), await ana.begin(FILES)]
        for upload in uploads:
            await ana.fill(upload, STREAM, 1000)
            assert (await ana.until(upload, "received"))["offset"] == len(STREAM)
        assert len(set(uploads)) == 2


async def test_uploads_that_nobody_goes_on_with_are_removed_at_the_next_start(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with importing(tmp_path, pool) as server, Uploader.visiting(server) as ana:
        upload, other = await ana.begin(FILES), await ana.begin(FILES)
    (tmp_path / "uploads" / "no-upload").mkdir()
    for name, days in ((upload, 8), (other, 6)):
        path = tmp_path / "uploads" / name / "upload.json"
        past = path.stat().st_mtime - days * 24 * 3600
        os.utime(path, (past, past))
    async with importing(tmp_path, pool) as server:
        assert [path.name for path in server.left] == [other]


async def test_a_second_server_on_the_folder_takes_in_nothing(
    tmp_path: Path, pool: GeometryPool
) -> None:
    from workspace.server.import_desk import ImportDesk

    async with importing(tmp_path, pool) as server:
        assert ImportDesk.of_folder(tmp_path, server.hosting, UploadLimits()) is None
