"""Slices drawn on the server: pictures a second for one member and four, and their size.

The volume has as many voxels as a CT of a head. Each member has three panes and scrolls in all of
them at once, each picture asked for when the one before has come. The peer of the arithmetic
itself is SimpleITK's linear resampling, on one core as ours.
"""

import asyncio
import dataclasses
import json
import statistics
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from benchmarks.effort import FULL, Effort
from benchmarks.room_members import RoomMember, light_room, members_of
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, compare, figure
from imaging.image_archive import ImageArchive
from imaging.volume import VolumeGeometry
from workspace.imagery.reslicing import PicturePlane, plane_values
from workspace.imagery.room_images import RoomImages, images_of_room, note_images

SIDE: Final = 512
"""Pixels of a picture, and voxels of a slice."""

SPACING_MM: Final = (0.5, 0.5, 0.8)
STEP_MM: Final = 0.8

PANES: Final = {"axial": ("1,0,0", "0,1,0"), "sagittal": ("0,1,0", "0,0,-1"),
                "coronal": ("1,0,0", "0,0,-1")}  # fmt: skip

MEMBERS: Final = (1, 4)


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """What came in one turn."""

    per_s: float
    """Pictures to each member."""
    kb: float
    """Of a picture."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return rates and sizes over the wire, and the arithmetic beside SimpleITK's."""
    voxels, geometry = head(effort.slices)
    rows = [_oblique(voxels, geometry, effort.runs)]
    with light_room() as (server, data):
        key = _put(data, server.ready["room"], voxels, geometry)
        for format_ in ("jpeg", "webp"):
            for count in MEMBERS:
                turns = [
                    asyncio.run(_scrolling(server, key, count, format_, effort.load_s))
                    for _ in range(effort.runs)
                ]
                what = f"slices from the server, {format_}, {count} scrolling"
                rate = figure(f"{what}: to each", [turn.per_s for turn in turns], "/s")
                size = statistics.median(turn.kb for turn in turns)
                rows.append(rate.noted(f"{SIDE} x {SIDE} of {size:.0f} kB, three panes"))
    return rows


def head(slices: int) -> tuple[NDArray[np.int16], VolumeGeometry]:
    """Return something with the smoothness and the noise of a CT of a head, about the origin."""
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    start = tuple(
        -mm * (count - 1) / 2 for mm, count in zip(SPACING_MM, (SIDE, SIDE, slices), strict=True)
    )
    geometry = VolumeGeometry(
        SPACING_MM, (start[0], start[1], start[2]), axes, (slices, SIDE, SIDE)
    )
    z, y, x = (np.linspace(-1.3, 1.3, count, dtype=np.float32) for count in geometry.shape_kji)
    random = np.random.default_rng(1)
    voxels = np.empty(geometry.shape_kji, np.int16)
    for k in range(slices):
        radius = np.sqrt(z[k] ** 2 + y[:, None] ** 2 + x[None, :] ** 2)
        tissue = 35 + 20 * np.sin(9 * x[None, :]) * np.cos(7 * y[:, None] + 5 * z[k])
        slice_ = np.where(radius < 1, np.where(radius > 0.93, 900, tissue), -1000)
        voxels[k] = slice_ + random.normal(0, 15, slice_.shape)
    return voxels, geometry


def _put(data: Path, room_id: str, voxels: NDArray[Any], geometry: VolumeGeometry) -> str:
    """Let the room's volume be a larger one, and return its key."""
    images = images_of_room(data, room_id)
    assert images is not None
    store = ImageArchive(data).volumes
    volume = store.open(images.primary).volume()
    key = store.put(dataclasses.replace(volume, voxels=voxels, geometry=geometry)).key
    note_images(data, room_id, RoomImages(primary=key))
    return key


async def _scrolling(
    server: ServerProcess, key: str, count: int, format_: str, seconds: float
) -> Turn:
    async with members_of(link_of(server.ready, "surgeon"), count) as members:
        for member in members:
            await _picture(member, key, _query("axial", 0.0, format_))  # its level is read
        until = time.perf_counter() + seconds
        panes = [_scroll(member, key, pane, format_, until) for member in members for pane in PANES]
        sizes = [size for pane in await asyncio.gather(*panes) for size in pane]
    return Turn(len(sizes) / count / seconds, statistics.mean(sizes) / 1000)


async def _scroll(member: RoomMember, key: str, pane: str, format_: str, until: float) -> list[int]:
    sizes: list[int] = []
    while time.perf_counter() < until:
        at_mm = (len(sizes) % 100 - 50) * STEP_MM
        sizes.append(await _picture(member, key, _query(pane, at_mm, format_)))
    return sizes


async def _picture(member: RoomMember, key: str, query: str) -> int:
    page = member.address.removesuffix("socket")
    async with member.session.get(f"{page}volumes/{key}/slice?{query}") as answer:
        content = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"no picture: {answer.status} {content[:200]!r}")
        return len(content)


def _query(pane: str, at_mm: float, format_: str) -> str:
    right, down = PANES[pane]
    normal = {"axial": 2, "sagittal": 0, "coronal": 1}[pane]
    origin = [0.0, 0.0, 0.0]
    origin[normal] = at_mm
    return urlencode(
        {
            "origin": json.dumps(origin)[1:-1].replace(" ", ""),
            "u": right,
            "v": down,
            "width": SIDE,
            "height": SIDE,
            "mm": 0.5,
            "format": format_,
            "pane": pane,
        }
    )


def _oblique(voxels: NDArray[np.int16], geometry: VolumeGeometry, runs: int) -> Row:
    """Compare the values of an oblique plane with SimpleITK's."""
    import SimpleITK as sitk  # noqa: N813 (its own name for itself)

    right, down = (0.8, 0.6, 0.0), (-0.36, 0.48, -0.8)
    plane = PicturePlane((0.0, 0.0, 0.0), right, down, SIDE, SIDE, 0.5)
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    normal = np.cross(right, down)
    resample = sitk.ResampleImageFilter()
    resample.SetSize((SIDE, SIDE, 1))
    resample.SetOutputSpacing((0.5, 0.5, 1.0))
    resample.SetOutputOrigin([float(it) for it in plane.places()[0, 0]])
    resample.SetOutputDirection([float(it) for it in np.array([right, down, normal]).T.ravel()])
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetNumberOfThreads(1)
    resample.SetOutputPixelType(sitk.sitkFloat32)

    def ours() -> object:
        return plane_values(voxels, geometry, plane)

    def peer() -> object:
        return sitk.GetArrayViewFromImage(resample.Execute(image))

    return compare(f"an oblique slice, {SIDE} x {SIDE} / SimpleITK on one core", ours, peer, runs)
