"""Newer images of a room's patient make its versions stale."""

from pathlib import Path

from msgspec.structs import replace

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import VolumeFacts
from imaging.identity import Patient, SourceIdentity
from sessions.plan.commands import ConfirmImaging, OpenCase, SaveVersion
from sessions.plan.records import Plan, Role, VersionId, VersionState
from sessions.room import Room
from tests.sessions.scene import SOURCE
from tests.workspace.served_room import OTHER_ROOM, Guest, Line, Served
from workspace.newer_images import newer_images
from workspace.server.imaging_watch import ImagingWatch
from workspace.storage import catalog_in

NOW = "2026-01-05T10:00:00Z"
DATED = replace(SOURCE, acquired_on="2026-01-02")


def facts(volume_id: str, acquired_on: str) -> VolumeFacts:
    """Return what the catalogue keeps of a volume."""
    return VolumeFacts(
        volume_id=volume_id,
        store_key="",
        modality="CT",
        description="head",
        shape_kji=(10, 20, 20),
        spacing_mm=(1.0, 1.0, 1.0),
        affine_lps=tuple(tuple(float(i == k) for i in range(4)) for k in range(4)),
        frame_of_reference_uid="1.2.3",
        hu=True,
        acquired_on=acquired_on,
    )


def identity(patient_id: str, study: str) -> SourceIdentity:
    """Return whose images they are."""
    patient = Patient(patient_id=patient_id)
    return SourceIdentity(patient=patient, study_uid=study, series_uid=f"{study}.1")


def catalogued(path: Path, *volumes: tuple[str, str, str]) -> None:
    """Record volumes: id, patient's id, day."""
    with Catalog(path) as catalog:
        for volume_id, patient_id, day in volumes:
            study = f"1.2.{abs(hash(volume_id)) % 10**9}"
            catalog.record(identity(patient_id, study), facts(volume_id, day), NOW)


def test_only_later_images_of_the_same_patient_are_newer(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    plan = Plan(source=DATED)
    assert newer_images(path, plan) == ()
    catalogued(
        path,
        (SOURCE.volume_id, "P1", "2026-01-02"),
        ("later", "P1", "2026-01-04"),
        ("latest", "P1", "2026-01-05"),
        ("same-day", "P1", "2026-01-02"),
        ("older", "P1", "2025-12-24"),
        ("undated", "P1", ""),
        ("somebody-elses", "P2", "2026-01-04"),
    )
    found = newer_images(path, plan)
    assert [it.source.volume_id for it in found] == ["later", "latest"]
    known = Plan(source=DATED, imaging={found[0].imaging_id: found[0]})
    assert [it.source.volume_id for it in newer_images(path, known)] == ["latest"]


def test_images_of_a_patient_without_an_id_make_nothing_stale(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalogued(path, (SOURCE.volume_id, "", "2026-01-02"), ("later", "", "2026-01-04"))
    assert newer_images(path, Plan(source=DATED)) == ()


async def test_a_room_is_told_and_its_version_is_stale_until_somebody_has_checked(
    server: Served,
) -> None:
    hosted = await server.hosting.create(OTHER_ROOM)
    await hosted.record_as_server(OpenCase(title="Dated", source=DATED))
    room, path = hosted.room, catalog_in(server.hosting.data)
    async with Guest.arriving(server) as ana:
        await ana.join(await server.link(Role.SURGEON, OTHER_ROOM), "Ana")
        async with ana.in_room() as line:
            await stale_until_checked(server, line, room, path)


async def stale_until_checked(server: Served, line: Line, room: Room, path: Path) -> None:
    """Save versions before the newer images come, after, and after somebody has looked."""
    await line.done(SaveVersion(version_id=VersionId("v1"), name="first"))
    watch = ImagingWatch(server.hosting)
    await watch.look()
    assert room.plan.versions[VersionId("v1")].state is VersionState.DRAFT
    catalogued(path, (SOURCE.volume_id, "P1", DATED.acquired_on), ("later", "P1", "2099-01-01"))
    await watch.look()
    assert room.plan.versions[VersionId("v1")].state is VersionState.STALE
    before = room.revision
    await watch.look()
    assert room.revision == before
    (imaging_id,) = room.plan.imaging
    await line.done(SaveVersion(version_id=VersionId("v2"), name="second"))
    assert room.plan.versions[VersionId("v2")].state is VersionState.STALE
    await line.done(ConfirmImaging(imaging_id=imaging_id))
    await line.done(SaveVersion(version_id=VersionId("v3"), name="third"))
    assert room.plan.versions[VersionId("v3")].state is VersionState.DRAFT
