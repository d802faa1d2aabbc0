"""Who may send images, and who may see or change what somebody sent."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.workspace.uploader import SMALL, ImportServer, Uploader, importing
from workspace.planning.pool import GeometryPool

FILES: Final = {"study/a.dcm": b"first" * 30, "b": b"2"}


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[ImportServer]:
    async with importing(tmp_path / "data", pool) as running:
        yield running


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_another_sites_page_cannot_change_an_upload(
    server: ImportServer, method: str, origin: str
) -> None:
    paths = {"POST": "uploads", "PUT": "uploads/{}/list/0"}
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        path = paths.get(method, "uploads/{}").format(upload)
        answer = await ana.send(method, path, b"x", {"Origin": origin, "Upload-Offset": "0"})
        assert (answer.status, (await answer.json())["code"]) == (403, "foreign")
        assert await ana.offset(upload) == 0


async def test_nothing_of_the_import_answers_without_its_link(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana, Uploader.stranger(server) as eve:
        upload = await ana.begin(FILES)
        for method, path in (
            ("POST", "session"),
            ("POST", "uploads"),
            ("GET", f"uploads/{upload}"),
            ("HEAD", f"uploads/{upload}"),
            ("PUT", f"uploads/{upload}/list/0"),
            ("PATCH", f"uploads/{upload}"),
            ("POST", f"uploads/{upload}/inspection"),
            ("POST", f"uploads/{upload}/room"),
            ("DELETE", f"uploads/{upload}"),
        ):
            for cookie in ("", "commissure_import=wrong", "commissure_import=" + "x" * 43):
                answer = await eve.send(method, path, {}, {"Cookie": cookie})
                assert answer.status == 401
        page = await eve.visit("/import/" + "x" * 43)
        assert page.status == 410
        assert "Set-Cookie" not in page.headers


async def test_an_upload_is_nobody_elses_who_has_the_same_link(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana, Uploader.visiting(server) as ben:
        upload = await ana.begin(FILES)
        for method, path in (
            ("GET", f"uploads/{upload}"),
            ("HEAD", f"uploads/{upload}"),
            ("PATCH", f"uploads/{upload}"),
            ("DELETE", f"uploads/{upload}"),
        ):
            assert (await ben.send(method, path)).status == 404
        assert (await ben.ask("POST", "session"))["uploads"] == []
        assert await ana.offset(upload) == 0


async def test_the_cookies_go_to_the_import_alone_and_to_no_script(server: ImportServer) -> None:
    async with Uploader.stranger(server) as ana:
        page = await ana.visit(server.desk.new_link())
        first = page.headers["Set-Cookie"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        second = (await ana.send("POST", "session")).headers["Set-Cookie"]
        for cookie in (first, second):
            assert {"Path=/import", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))


async def test_who_comes_again_by_another_link_has_their_uploads_still(
    server: ImportServer,
) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin(FILES)
        assert (await ana.visit(server.desk.new_link())).status == 200
        (known,) = (await ana.ask("POST", "session"))["uploads"]
        assert known["id"] == upload


async def test_a_link_ends(tmp_path: Path, pool: GeometryPool) -> None:
    ended = dataclasses.replace(SMALL, kept_for=timedelta(seconds=-1))
    async with importing(tmp_path, pool, ended) as server, Uploader.stranger(server) as ana:
        page = await ana.visit(server.desk.new_link())
        assert page.status == 410
        assert "has run out" in await page.text()
        server.desk.new_link()
    assert len(list((tmp_path / "import_links").iterdir())) == 1
