"""What an uploaded file may be called."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.workspace.uploader import ImportServer, Uploader, importing
from workspace.planning.pool import GeometryPool


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[ImportServer]:
    async with importing(tmp_path / "data", pool) as running:
        yield running


HOSTILE: Final = {
    "up": "../evil",
    "up within": "a/../../evil",
    "absolute": "/etc/evil",
    "windows": "a\\..\\evil",
    "drive": "\\\\host\\share",
    "nul": "a\0b",
    "newline": "a\nb",
    "escape": "a\x1b[2Jb",
    "bidi": "a\u202efdp.dcm",
    "empty": "",
    "empty folder": "a//b",
    "dot": "a/./b",
    "here": ".",
    "trailing slash": "a/",
    "long name": "x" * 256,
    "long in bytes": "é" * 128,
    "long path": "/".join(["x" * 200] * 6),
    "deep": "/".join("x" * 33),
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
async def test_a_name_that_could_do_harm_is_refused(server: ImportServer, name: str) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 2, "total_bytes": 2}
        upload = (await ana.ask("POST", "uploads", asked))["id"]
        status, refusal = await ana.refused(
            "PUT", f"uploads/{upload}/list/0", [["canary", 1], [name, 1]]
        )
        assert (status, refusal["code"], refusal["file"]) == (422, "bad_name", 1)
        assert not name.strip("/.") or name not in refusal["message"]
        assert (await ana.ask("GET", f"uploads/{upload}"))["listed"] == 0
    (left,) = server.left
    assert sorted(path.name for path in left.iterdir()) == ["files", "list.jsonl", "upload.json"]
    assert not list(server.data.parent.rglob("*evil*"))


async def test_a_name_that_is_no_text_is_refused(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 1, "total_bytes": 1}
        upload = (await ana.ask("POST", "uploads", asked))["id"]
        for body in (b'[["\\ud800", 1]]', b'[["\xff", 1]]'):
            answer = await ana.send("PUT", f"uploads/{upload}/list/0", body)
            assert answer.status == 422


@pytest.mark.parametrize(
    "names",
    [
        ("a/B.dcm", "a/b.dcm"),
        ("same", "same"),
        ("a", "a/b"),
        ("a/b", "A"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
async def test_names_that_would_fall_together_are_refused(
    server: ImportServer, names: tuple[str, str]
) -> None:
    async with Uploader.visiting(server) as ana:
        asked = {"fingerprint": "", "files": 3, "total_bytes": 3}
        upload = (await ana.ask("POST", "uploads", asked))["id"]
        await ana.ask("PUT", f"uploads/{upload}/list/0", [[names[0], 1]])
        status, refusal = await ana.refused("PUT", f"uploads/{upload}/list/1", [[names[1], 1]])
        assert (status, refusal["code"], refusal["file"]) == (422, "name_taken", 1)
        await ana.ask("PUT", f"uploads/{upload}/list/1", [["fine", 1], ["fine too", 1]])
