"""What the server finds out about markups, in served rooms."""

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from imaging.space import Plane, RigidTransform, Vector
from imaging.volume import VolumeGeometry
from sessions.plan.commands import ApplyCut, EditMarkup, MoveFragment, OpenBranch, SaveVersion
from sessions.plan.figures import is_current, measured
from sessions.plan.findings import Findings
from sessions.plan.records import (
    MAIN,
    BranchId,
    ControlPoint,
    CutId,
    FragmentId,
    MarkupId,
    SolidId,
    VersionId,
)
from sessions.room import Room
from tests.sessions.scene import at, draw, place
from tests.workspace.imagery.stored_volumes import STRAIGHT, keep_for_room, volume_of
from tests.workspace.served_room import BALL_MM, ROOM, Guest, Line, Served, served
from workspace.planning.pool import GeometryPool

WITHIN_S = 60.0
K1 = MarkupId("k1")


async def findings(room: Room, markup_id: str = K1, branch_id: BranchId = MAIN) -> Findings:
    """Wait until what was computed of a markup is what holds now."""
    changed = asyncio.Event()
    unsubscribe = room.subscribe(lambda _: changed.set())
    try:
        async with asyncio.timeout(WITHIN_S):
            while True:
                changed.clear()
                plan = room.plan_of(branch_id)
                markup = plan.markups[MarkupId(markup_id)]
                if markup.findings is not None and is_current(plan, markup):
                    return markup.findings
                await changed.wait()
    finally:
        unsubscribe()


def on_ball(longitude_deg: float) -> Vector:
    angle = math.radians(longitude_deg)
    return (BALL_MM * math.cos(angle), BALL_MM * math.sin(angle), 0.0)


def around_ball(*longitudes_deg: float) -> tuple[ControlPoint, ...]:
    return tuple(at(on_ball(it), "bone") for it in longitudes_deg)


async def test_a_way_on_a_surface_is_measured_shown_and_goes_along_with_its_piece(
    server: Served,
) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw(K1, "surface_path", around_ball(10, 40, 70)))
        found = await findings(room)
        arc = BALL_MM * math.radians(60)
        assert found.length_mm == pytest.approx(arc, abs=0.1)
        assert found.problem == ""
        assert {it.name: it.value for it in measured(room.plan, room.plan.markups[K1]).figures}[
            "length"
        ] == found.length_mm
        await line.done(place("c1", "bone", Plane((0.0, 0.0, -5.0), (0.0, 0.0, 1.0))))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        away = RigidTransform(translation_mm=(0.0, 0.0, 30.0))
        await line.done(MoveFragment(fragment_id=FragmentId("c1+"), transform=away))
        moved = await findings(room)
        assert moved.length_mm == pytest.approx(arc, abs=0.1)
        assert {round(z) for _, _, z in moved.path_mm} == {30}


async def test_points_that_were_moved_are_measured_anew(server: Served) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw(K1, "surface_path", around_ball(0, 90)))
        first = await findings(room)
        await line.done(EditMarkup(markup_id=K1, points=around_ball(0, 45)))
        second = await findings(room)
        assert first.length_mm == pytest.approx(2 * (second.length_mm or 0), rel=0.005)


async def test_a_way_between_pieces_is_a_sentence(server: Served) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw(K1, "surface_path", around_ball(-60, 60)))
        await findings(room)
        await line.done(place("c1", "bone", Plane((0.0, 0.0, 0.0), (0.0, 1.0, 0.0))))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        found = await findings(room)
        assert found.problem == "The points lie on different pieces; place them all on one piece."
        assert found.length_mm is None


async def test_pieces_pulled_12_34_mm_apart_are_12_34_mm_apart(server: Served) -> None:
    """Check 5 of the phantom's list."""
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone", Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        sides = (SolidId("c1+"), SolidId("c1-"))
        await line.done(draw(K1, "gap", (), solid_ids=sides))
        assert (await findings(room)).length_mm == pytest.approx(0, abs=1e-5)
        away = RigidTransform(translation_mm=(0.0, 0.0, 12.34))
        await line.done(MoveFragment(fragment_id=FragmentId("c1+"), transform=away))
        found = await findings(room)
        assert found.length_mm == pytest.approx(12.34, abs=0.001)
        assert math.dist(*found.path_mm) == pytest.approx(12.34, abs=0.001)


async def test_a_gap_to_a_solid_that_was_cut_is_to_the_nearest_of_its_pieces(
    server: Served,
) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw(K1, "gap", (), solid_ids=(SolidId("bone"), SolidId("box"))))
        assert (await findings(room)).length_mm == pytest.approx(60, abs=0.01)
        await line.done(place("c1", "bone", Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        nearer = RigidTransform(translation_mm=(25.0, 0.0, 0.0))
        await line.done(MoveFragment(fragment_id=FragmentId("c1+"), transform=nearer))
        assert (await findings(room)).length_mm == pytest.approx(35, abs=0.01)


GRID = VolumeGeometry((1.0, 1.0, 1.0), (-30.0, -30.0, -30.0), STRAIGHT, (60, 60, 60))


def brain(data: Path) -> None:
    """Give the room images of brain, 35 HU with 15 HU of noise."""
    noise = np.random.default_rng(3).normal(35, 15, GRID.shape_kji)
    keep_for_room(data, ROOM, volume_of(np.rint(noise).astype("<i2"), GRID))


def regions() -> tuple[Callable[[Line], object], ...]:
    ellipse = (at((0.0, 0.0, 0.0)), at((20.0, 0.0, 0.0)), at((0.0, 15.0, 0.0)))
    slice_plane = Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    box = (at((-20.5, -20.5, -20.5)), at((20.5, 20.5, 20.5)))
    return (
        lambda line: line.done(draw("k1", "roi_ellipse", ellipse, plane=slice_plane)),
        lambda line: line.done(draw("k2", "roi_box", box)),
    )


async def test_regions_tell_the_grey_values_in_them(server: Served) -> None:
    brain(server.hosting.data)
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        for begin in regions():
            await begin(line)  # type: ignore[misc]
        for name, voxels in (("k1", math.pi * 20 * 15), ("k2", 41**3)):
            found = await findings(room, name)
            assert found.problem == ""
            assert found.voxels == pytest.approx(voxels, rel=0.02)
            assert found.mean == pytest.approx(35, abs=60 / math.sqrt(found.voxels or 1))
            assert found.sd == pytest.approx(15, abs=45 / math.sqrt(found.voxels or 1))
            assert found.unit == "HU"
            assert (found.minimum or 0) < 0
            assert (found.maximum or 0) > 70


async def test_regions_without_images_say_that_they_are_not_here(server: Served) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        for begin in regions():
            await begin(line)  # type: ignore[misc]
        found = await findings(room, "k2")
        assert found.problem == "The images of this case are not on this server."


async def test_a_damaged_surface_becomes_a_sentence(server: Served) -> None:
    hosted = await server.hosted()
    async with Guest.joining(server) as ana, ana.in_room() as line:
        solid = hosted.room.plan.segments["box"]  # type: ignore[index]
        hosted.blobs.path(solid.surface.sha256).write_bytes(b"nothing")
        await line.done(draw(K1, "gap", (), solid_ids=(SolidId("bone"), SolidId("box"))))
        found = await findings(hosted.room)
        assert "was changed on disk" in found.problem
        assert found.problem[0].isupper()
        assert found.problem.endswith(".")


async def test_every_branch_has_findings_of_its_own(server: Served) -> None:
    room = (await server.hosted()).room
    other = BranchId("b")
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw(K1, "surface_path", around_ball(0, 90)))
        await line.done(SaveVersion(version_id=VersionId("v1"), name="first"))
        await line.done(OpenBranch(branch_id=other, name="other", version_id=VersionId("v1")))
        found = await findings(room, branch_id=other)
        assert found.length_mm == pytest.approx(BALL_MM * math.pi / 2, abs=0.1)


async def test_what_a_stopped_server_had_not_come_to_is_found_out_by_the_next(
    tmp_path: Path, pool: GeometryPool
) -> None:
    class Stopped(GeometryPool):
        """Never comes to anything."""

        async def run(self, *_: object) -> None:  # type: ignore[override]
            await asyncio.Event().wait()

    async with (
        served(tmp_path / "data", Stopped()) as first,
        Guest.joining(first) as ana,
        ana.in_room() as line,
    ):
        await line.done(draw(K1, "surface_path", around_ball(0, 90)))
    async with served(tmp_path / "data", pool) as second:
        found = await findings((await second.hosted()).room)
        assert found.length_mm == pytest.approx(BALL_MM * math.pi / 2, abs=0.1)
