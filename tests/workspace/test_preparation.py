import asyncio
from pathlib import Path

import msgspec
import pytest

from imaging.errors import WorkerError
from imaging.progress import no_progress
from imaging.worker import Limits
from segmentation.errors import EmptySegmentError, UnknownEngineError
from segmentation.surface.encoding import from_blob
from sessions.plan.anatomy import surfaces_of
from sessions.protocol import Progress
from tests.workspace.served_room import OTHER_ROOM, ROOM, Guest, Served
from workspace import intake
from workspace.blobs import BlobStore
from workspace.case_request import CaseRequest, EngineChoice, PreparedCase, PrepareRequest
from workspace.imagery.shelf import VolumeShelf
from workspace.preparation import default_engines, prepare, require_preparable

BONE = EngineChoice("threshold", {"lower_hu": "300"})


def request(series: Path, blobs: Path, *engines: EngineChoice) -> PrepareRequest:
    case = CaseRequest((str(series),), engines=engines)
    return PrepareRequest(case, str(blobs), "test", "2026-01-02T03:04:05.000+00:00")


@pytest.fixture(scope="module")
def prepared(
    coarse_series: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[PreparedCase, Path]:
    blobs = tmp_path_factory.mktemp("blobs")
    twice = (BONE, EngineChoice("threshold", {"lower_hu": "300"}))
    return prepare(request(coarse_series, blobs, *twice), no_progress), blobs


def test_every_segment_is_closed_and_its_surface_is_kept(
    prepared: tuple[PreparedCase, Path],
) -> None:
    case, blobs = prepared
    for segment in case.segments:
        surface = from_blob(BlobStore(blobs).read(segment.surface.sha256))
        assert surface.is_watertight
        assert surface.volume_ml == pytest.approx(segment.surface.volume_ml)
        assert (blobs / "derived" / f"{segment.surface.sha256}.drc").is_file()


def test_segments_of_one_engine_get_ids_of_their_own(prepared: tuple[PreparedCase, Path]) -> None:
    assert [segment.segment_id for segment in prepared[0].segments] == ["threshold", "threshold-2"]


def test_provenance_says_how_a_segment_came_to_be(prepared: tuple[PreparedCase, Path]) -> None:
    provenance = prepared[0].segments[0].provenance
    assert (provenance.engine, provenance.author) == ("threshold", "test")
    assert provenance.parameters["lower_hu"] == 300
    assert provenance.created_at.startswith("2026-01-02")


def test_a_case_survives_the_way_out_of_the_worker(prepared: tuple[PreparedCase, Path]) -> None:
    case = prepared[0]
    assert msgspec.convert(msgspec.to_builtins(case), PreparedCase) == case


def test_an_engine_that_was_asked_for_must_find_something(
    coarse_series: Path, tmp_path: Path
) -> None:
    nothing = {"lower_hu": "3000", "upper_hu": "3001"}
    with pytest.raises(EmptySegmentError):
        prepare(request(coarse_series, tmp_path, EngineChoice("threshold", nothing)), no_progress)


def test_an_engine_that_was_not_asked_for_may_find_nothing(
    coarse_series: Path, tmp_path: Path
) -> None:
    nothing = EngineChoice("threshold", {"lower_hu": "3000"}, required=False)
    case = prepare(request(coarse_series, tmp_path, nothing), no_progress)
    assert (case.segments, case.empty) == ((), ("threshold",))


def test_settings_are_refused_before_a_pixel_is_read(coarse_series: Path) -> None:
    case = CaseRequest((str(coarse_series),), engines=(EngineChoice("magic", {}),))
    with pytest.raises(UnknownEngineError, match="there is no engine 'magic'"):
        require_preparable(case, no_progress)


def test_a_modality_starts_with_engines_of_its_own() -> None:
    assert [choice.name for choice in default_engines("CT")] == ["bone", "skin", "vessels"]
    assert "bone" not in [choice.name for choice in default_engines("MR")]


async def test_pages_see_an_import_begin_go_on_and_end_with_the_anatomy(
    server: Served, coarse_series: Path
) -> None:
    hosted = await server.hosting.create(OTHER_ROOM)
    case = CaseRequest((str(coarse_series),), engines=(BONE,))
    async with Guest.arriving(server) as ana:
        await ana.join(await server.link(room=OTHER_ROOM), "Ana")
        async with ana.in_room() as line:
            assert not line.welcome.view["segments"]
            staging = server.hosting.staging_folder(OTHER_ROOM)
            work = asyncio.create_task(intake.take_in(hosted, case, "Twins", staging, no_progress))
            progress = [await line.hear(Progress)]
            while progress[-1].done < progress[-1].total:
                progress.append(await line.hear(Progress))
            await work
    assert {it.job for it in progress} == {"import"}
    assert "Reading slices" in {it.label for it in progress}
    assert all(it.done < it.total for it in progress[:-1])
    assert any(getattr(it, "revision", 0) for it in line.heard)  # the anatomy came before the end
    assert list(hosted.room.plan.segments) == ["threshold"]
    assert not staging.exists()
    assert all(hosted.blobs.has(sha256) for sha256 in surfaces_of(hosted.room.plan))


async def test_a_room_that_was_made_of_images_has_them_and_one_without_archive_has_none(
    server: Served, coarse_series: Path
) -> None:
    data = server.hosting.data
    shelf = VolumeShelf(data)
    hosted = await server.hosting.create(OTHER_ROOM)
    assert shelf.volumes(OTHER_ROOM) == ()  # asked too early, as by a page that is open already
    case = CaseRequest((str(coarse_series),), engines=(BONE,))
    staging = server.hosting.staging_folder(OTHER_ROOM)
    await intake.take_in(hosted, case, "Twins", staging, no_progress, data)
    (volume,) = shelf.volumes(OTHER_ROOM)
    source = hosted.room.plan.source
    assert source is not None
    assert volume.opened.description.volume_id == source.volume_id
    assert volume.opened.description.spacing_mm == source.spacing_mm
    assert shelf.volumes(ROOM) == ()


async def test_an_import_that_is_cancelled_kills_its_worker_and_keeps_nothing(
    server: Served, coarse_series: Path
) -> None:
    hosted = await server.hosting.create(OTHER_ROOM)
    before = files_of(hosted.blobs)
    staging = server.hosting.staging_folder(OTHER_ROOM)
    case = CaseRequest((str(coarse_series),))
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(*_: object) -> None:
        loop.call_soon_threadsafe(told.set)

    work = asyncio.create_task(intake.take_in(hosted, case, "Twins", staging, tell))
    await told.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not staging.exists()
    assert files_of(hosted.blobs) == before
    assert not hosted.room.plan.segments


async def test_surfaces_of_a_room_that_cannot_be_filled_do_not_stay(
    server: Served, coarse_series: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = await server.hosting.create(OTHER_ROOM)
    before = files_of(hosted.blobs)

    async def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, "fill", fail)
    case = CaseRequest((str(coarse_series),), engines=(BONE,))
    staging = server.hosting.staging_folder(OTHER_ROOM)
    with pytest.raises(OSError, match="No space left"):
        await intake.take_in(hosted, case, "Twins", staging, no_progress)
    assert files_of(hosted.blobs) == before


def files_of(blobs: BlobStore) -> list[Path]:
    shelves = (path for path in blobs.folder.iterdir() if len(path.name) == 2)
    return sorted(path for shelf in shelves for path in shelf.iterdir())


async def test_an_import_that_takes_too_long_is_given_up(
    server: Served, coarse_series: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PREPARE_LIMITS", Limits(seconds=0.2))
    hosted = await server.hosting.create(OTHER_ROOM)
    staging = server.hosting.staging_folder(OTHER_ROOM)
    with pytest.raises(WorkerError, match="took longer than"):
        await intake.take_in(
            hosted, CaseRequest((str(coarse_series),)), "Twins", staging, no_progress
        )
