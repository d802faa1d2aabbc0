"""A room of twins knows whose left is where."""

from pathlib import Path

import pytest

from imaging.anatomical_frame import AnatomicalFrame, Landmarks
from imaging.catalog.catalog import Catalog
from imaging.progress import no_progress
from sample_data.craniopagus_truths import CENTRE_MM
from sample_data.twins import joined_at_the_crown
from sessions.plan.records import Plan
from sessions.plan.surroundings import SubjectFrame
from tests.sessions.scene import SOURCE
from tests.workspace.served_room import OTHER_ROOM, Served
from tests.workspace.test_newer_images import catalogued
from workspace.case_request import CaseRequest, EngineChoice
from workspace.intake import take_in
from workspace.server.imaging_watch import ImagingWatch
from workspace.storage import catalog_in
from workspace.twin_frames import frames_to_record

A_AS_SCANNED = SubjectFrame(
    subject="A",
    left=(1.0, 0.0, 0.0),
    posterior=(0.0, 1.0, 0.0),
    superior=(0.0, 0.0, 1.0),
    basis="position",
)
B_AT_THETA_0 = SubjectFrame(
    subject="B",
    left=(-1.0, 0.0, 0.0),
    posterior=(0.0, 1.0, 0.0),
    superior=(0.0, 0.0, -1.0),
    basis="position",
)
"""Crown to crown: B's left is the image's right, where B is supine as A is."""


async def test_the_room_of_the_phantom_has_the_frames_of_both_twins(
    server: Served, coarse_series: Path
) -> None:
    data = server.hosting.data
    hosted = await server.hosting.create(OTHER_ROOM)
    request = CaseRequest((str(coarse_series),), engines=(EngineChoice("skin", {}),))
    staging = server.hosting.staging_folder(OTHER_ROOM)
    await take_in(hosted, request, "Phantom", staging, no_progress, data)
    assert hosted.room.plan.frames == (A_AS_SCANNED, B_AT_THETA_0)
    shown = hosted.room.view()["frames"]
    assert shown["B"] == {
        "axes": ((-1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
        "basis": "position",
    }
    before = hosted.room.revision
    await ImagingWatch(server.hosting).look()
    assert hosted.room.revision == before, "what a room knows is not told again"
    await told_of_landmarks(server, hosted.room.plan)
    assert hosted.room.plan.frames[1].basis == "landmarks"
    assert hosted.room.plan.frames[1].left == pytest.approx((-0.8660254, -0.5, 0.0), abs=1e-6)


async def told_of_landmarks(server: Served, plan: Plan) -> None:
    """Let somebody pick landmarks on B as if turned by 30 degrees, and the watch find them."""
    assert plan.source is not None
    twin = joined_at_the_crown(CENTRE_MM, 30)[1]
    frame = AnatomicalFrame("B", twin.left, twin.posterior, twin.superior)
    nasion, left_ear, right_ear, vertex = (
        frame.to_image(it) for it in ((0, -80, 0), (70, 0, 0), (-70, 0, 0), (0, 0, 100))
    )
    picked = AnatomicalFrame.from_landmarks("B", Landmarks(nasion, left_ear, right_ear, vertex))
    with Catalog(catalog_in(server.hosting.data)) as catalog:
        catalog.set_frame(plan.source.volume_id, picked)
    await ImagingWatch(server.hosting).look()


def test_a_room_of_images_that_nobody_knows_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    plan = Plan(source=SOURCE, frames=(A_AS_SCANNED, B_AT_THETA_0))
    assert frames_to_record(path, plan) is None
    assert frames_to_record(path, Plan()) is None
    catalogued(path, ("another", "P1", "2026-01-02"))
    assert frames_to_record(path, plan) is None
    catalogued(path, (SOURCE.volume_id, "P1", "2026-01-02"))
    assert frames_to_record(path, plan) is None, "one patient: no frames"
