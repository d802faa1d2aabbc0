"""From an upload to a room: looked at, chosen from, opened; and what is left afterwards."""

import dataclasses
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pydicom
import pytest

from sessions.plan.records import RoomId
from tests.workspace.uploader import ImportServer, Uploader, importing
from workspace.planning.pool import GeometryPool
from workspace.uploading.limits import DEFAULT_UPLOAD_LIMITS

ROOMY: Final = dataclasses.replace(DEFAULT_UPLOAD_LIMITS, reserve_bytes=0)
CHUNK: Final = ROOMY.chunk_bytes
CANARY: Final = "Canary^Carla"


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[ImportServer]:
    async with importing(tmp_path / "data", pool, ROOMY) as running:
        yield running


def folder_of(series: Path, name: str = CANARY) -> dict[str, bytes]:
    """Return a series as a browser sends a folder: paths that begin with the folder's name."""
    return {f"{name}/{path.name}": path.read_bytes() for path in sorted(series.iterdir())}


async def sent(uploader: Uploader, files: dict[str, bytes]) -> str:
    upload = await uploader.begin(files)
    await uploader.fill(upload, b"".join(files.values()), CHUNK)
    return upload


async def looked_at(uploader: Uploader, files: dict[str, bytes]) -> tuple[str, Any]:
    upload = await sent(uploader, files)
    await uploader.ask("POST", f"uploads/{upload}/inspection")
    return upload, await uploader.until(upload, "inspected", "failed")


async def test_a_folder_becomes_a_room_and_is_gone(
    server: ImportServer, coarse_series: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = {**folder_of(coarse_series), f"{CANARY}/notes.txt": b"no image"}
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, files)
        (volume,) = state["found"]["volumes"]
        assert (volume["modality"], volume["spacing_mm"]) == ("CT", [4.0, 4.0, 4.0])
        assert sum(state["found"]["skipped"].values()) == 1
        wish = {"volume_id": volume["id"], "title": "Twins"}
        await ana.ask("POST", f"uploads/{upload}/room", wish)
        ready = await ana.until(upload, "ready", "inspected")
        assert ready["stage"] == "ready", ready
        assert set(ready["links"]) == {"owner", "surgeon"}
        (room_id,) = server.hosting.room_ids()
        plan = (await server.hosting.room(RoomId(room_id))).room.plan
        assert (plan.title, set(plan.segments) >= {"bone", "skin"}) == ("Twins", True)
        for link in ready["links"].values():
            assert (await ana.visit(link)).status == 200
        assert server.left == []
        (known,) = (await ana.ask("POST", "session"))["uploads"]
        assert known["links"] == ready["links"]
        await ana.ask("DELETE", f"uploads/{upload}")
        assert (await ana.ask("POST", "session"))["uploads"] == []
    assert CANARY not in "".join(capfd.readouterr())


async def test_a_zip_is_looked_into(server: ImportServer, coarse_series: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in folder_of(coarse_series).items():
            archive.writestr(path, content)
    async with Uploader.visiting(server) as ana:
        _, state = await looked_at(ana, {"study.zip": packed.getvalue()})
        assert [volume["modality"] for volume in state["found"]["volumes"]] == ["CT"]


async def test_a_refused_series_is_told_with_what_to_do_and_without_names(
    server: ImportServer, coarse_series: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = folder_of(coarse_series)
    names = sorted(files)
    del files[names[len(names) // 2]]
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, files)
        assert state["found"]["volumes"] == []
        (refused,) = state["found"]["refused"]
        assert refused["files"] == len(files)
        assert "slice" in refused["message"]
        for text in (json.dumps(state), *capfd.readouterr()):
            assert CANARY not in text
            assert str(server.data) not in text
        status, refusal = await ana.refused(
            "POST", f"uploads/{upload}/room", {"volume_id": "x", "title": "T"}
        )
        assert (status, refusal["code"]) == (404, "unknown_volume")
        await ana.ask("DELETE", f"uploads/{upload}")
    assert server.left == []


async def test_files_without_any_image_are_refused_in_one_sentence(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, {f"{CANARY}.txt": b"no image"})
        assert state["stage"] == "failed"
        assert "DICOM" in state["error"]["message"]
        assert CANARY not in state["error"]["message"]
        await ana.ask("POST", f"uploads/{upload}/inspection")  # and can be tried again
        await ana.until(upload, "failed")


@pytest.mark.parametrize("title", ["", " ", "x" * 201, "a\nb"])
async def test_a_title_that_is_none_is_refused(
    server: ImportServer, coarse_series: Path, title: str
) -> None:
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, folder_of(coarse_series))
        wish = {"volume_id": state["found"]["volumes"][0]["id"], "title": title}
        status, refusal = await ana.refused("POST", f"uploads/{upload}/room", wish)
        assert (status, "title" in refusal["message"]) == (422, True)
        assert (await ana.ask("GET", f"uploads/{upload}"))["stage"] == "inspected"
    assert server.hosting.room_ids() == ()


async def test_an_import_that_fails_leaves_no_room_and_the_choice_open(
    server: ImportServer, coarse_series: Path, tmp_path: Path
) -> None:
    """The headers are fine; the values of the pixels have no bone and no skin in them."""
    blank = {}
    for path, content in folder_of(coarse_series).items():
        dataset = pydicom.dcmread(io.BytesIO(content))
        dataset.PixelData = bytes(len(dataset.PixelData))
        dataset.save_as(tmp_path / "blank.dcm")
        blank[path] = (tmp_path / "blank.dcm").read_bytes()
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, blank)
        wish = {"volume_id": state["found"]["volumes"][0]["id"], "title": "T"}
        await ana.ask("POST", f"uploads/{upload}/room", wish)
        state = await ana.until(upload, "ready", "inspected")
        assert state["stage"] == "inspected"
        assert state["error"]["message"]
        assert state["links"] == {}
    assert server.hosting.room_ids() == ()


async def test_a_room_is_not_made_twice_of_one_upload(
    server: ImportServer, coarse_series: Path
) -> None:
    async with Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, folder_of(coarse_series))
        wish = {"volume_id": state["found"]["volumes"][0]["id"], "title": "T"}
        await ana.ask("POST", f"uploads/{upload}/room", wish)
        assert (await ana.refused("POST", f"uploads/{upload}/room", wish))[0] == 409
        await ana.ask("DELETE", f"uploads/{upload}")  # in the middle of the import
    assert server.hosting.room_ids() == ()
    assert server.left == []


async def test_a_server_that_stops_in_mid_import_leaves_the_upload_and_no_room(
    tmp_path: Path, pool: GeometryPool, coarse_series: Path
) -> None:
    async with importing(tmp_path, pool, ROOMY) as server, Uploader.visiting(server) as ana:
        upload, state = await looked_at(ana, folder_of(coarse_series))
        wish = {"volume_id": state["found"]["volumes"][0]["id"], "title": "T"}
        await ana.ask("POST", f"uploads/{upload}/room", wish)
    async with importing(tmp_path, pool, ROOMY) as server:
        assert server.hosting.room_ids() == ()
        assert [path.name for path in server.left] == [upload]


async def test_what_has_not_all_come_is_not_looked_at(server: ImportServer) -> None:
    async with Uploader.visiting(server) as ana:
        upload = await ana.begin({"a": b"12345"})
        status, refusal = await ana.refused("POST", f"uploads/{upload}/inspection")
        assert (status, refusal["code"]) == (409, "not_complete")
        assert (await ana.ask("GET", f"uploads/{upload}"))["stage"] == "receiving"
