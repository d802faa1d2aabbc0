import gzip
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from workspace.server.static_files import FOREVER, StaticFiles


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "client").mkdir()
    (tmp_path / "root" / "page.js").write_text("let anatomy = 1;" * 100)
    (tmp_path / "client" / "draw.js").write_text("draw();" * 100)
    (tmp_path / "client" / "font.woff2").write_bytes(b"font")
    (tmp_path / "secret.js").write_text("secret")
    return tmp_path


def files_in(folders: Path) -> StaticFiles:
    return StaticFiles({"client": str(folders / "client")}, str(folders / "root"))


def client_of(folders: Path) -> TestClient[web.Request, web.Application]:
    return client_for(files_in(folders))


def client_for(files: StaticFiles) -> TestClient[web.Request, web.Application]:
    application = web.Application()
    application.router.add_get("/static/{path:.+}", files.send)
    return TestClient(TestServer(application), auto_decompress=False)


async def test_text_goes_compressed_and_comes_out_the_same(folders: Path) -> None:
    async with client_of(folders) as client:
        for name, text in (("page.js", "let anatomy = 1;"), ("client/draw.js", "draw();")):
            answer = await client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.content_type == "text/javascript"
            assert gzip.decompress(await answer.read()).decode() == text * 100


async def test_what_a_browser_has_already_is_not_sent_again(folders: Path) -> None:
    async with client_of(folders) as client:
        first = await client.get("/static/page.js", headers={"Accept-Encoding": "gzip"})
        asked = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
        assert (await client.get("/static/page.js", headers=asked)).status == 304
        (folders / "root" / "page.js").write_text("let anatomy = 2;")
        again = await client.get("/static/page.js", headers=asked)
        assert again.status == 200
        assert gzip.decompress(await again.read()) == b"let anatomy = 2;"


async def test_below_the_digest_of_all_a_browser_need_not_ask_again(folders: Path) -> None:
    files, again = files_in(folders), files_in(folders)
    digest = await files.digest()
    assert digest == await again.digest()
    async with client_for(files) as client:
        for name in ("page.js", "client/draw.js", "client/font.woff2"):
            kept = await client.get(f"/static/{digest}/{name}")
            assert kept.status == 200
            assert kept.headers["Cache-Control"] == FOREVER
            assert "immutable" not in (await client.get(f"/static/{name}")).headers.get(
                "Cache-Control", ""
            )
        for name in (f"{digest}/../../secret.js", f"{digest}", f"{digest}/{digest}/page.js"):
            assert (await client.get(f"/static/{name}")).status == 404
    (folders / "client" / "draw.js").write_text("draw(2);")
    assert await files_in(folders).digest() != digest


async def test_a_client_that_cannot_decompress_and_a_font_get_plain_bytes(folders: Path) -> None:
    async with client_of(folders) as client:
        plain = await client.get("/static/client/draw.js", headers={"Accept-Encoding": "identity"})
        assert await plain.read() == b"draw();" * 100
        font = await client.get("/static/client/font.woff2", headers={"Accept-Encoding": "gzip"})
        assert await font.read() == b"font"


@pytest.mark.parametrize(
    "name", ["../secret.js", "%2e%2e/secret.js", "client/..%2f..%2fsecret.js", "client", "none.js"]
)
async def test_nothing_outside_the_folders_is_found(folders: Path, name: str) -> None:
    async with client_of(folders) as client:
        assert (await client.get(f"/static/{name}")).status == 404


async def test_what_is_made_while_it_runs_is_sent_like_a_file(folders: Path) -> None:
    made: dict[str, bytes] = {}
    files = StaticFiles({"client": str(folders / "client")}, str(folders / "root"), made)
    async with client_for(files) as client:
        path = f"/static/{await files.digest()}/layouts/1a.js"
        assert (await client.get(path)).status == 404
        made["layouts/1a.js"] = b"let page;" * 100
        answer = await client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.content_type == "text/javascript"
        assert answer.headers["Cache-Control"] == FOREVER
        assert gzip.decompress(await answer.read()) == b"let page;" * 100
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        assert await plain.read() == b"let page;" * 100
