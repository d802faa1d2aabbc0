"""The small picture of a case: what is drawn where, and for whom."""

from pathlib import Path

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from segmentation.surface.encoding import to_blob
from segmentation.surface.mesh import Surface
from sessions.plan.records import Role
from tests.segmentation.solids import ball, box
from tests.workspace.served_room import OTHER_ROOM, Guest, Served
from workspace.blobs import BlobStore
from workspace.planning.thumbnails import (
    HEIGHT,
    SKIN,
    WIDTH,
    Painted,
    draw_thumbnail,
    thumbnail_path,
)

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def kept(folder: Path, surface: Surface) -> str:
    return BlobStore(folder).put(to_blob(surface))


def picture(folder: Path, *segments: Painted) -> NDArray[np.uint8]:
    path = draw_thumbnail(folder, segments)
    return np.asarray(imagecodecs.jpeg8_decode(path.read_bytes()))


def middle_of(image: NDArray[np.uint8], colour: int) -> tuple[float, float]:
    """Return (column, row) of the middle of what shines in a colour."""
    rows, columns = (image[..., colour].astype(int) > image.sum(axis=2) * 0.6).nonzero()
    assert rows.size > 100
    return float(columns.mean()), float(rows.mean())


def test_the_patient_s_left_is_on_the_right_and_the_head_is_up(tmp_path: Path) -> None:
    left = kept(tmp_path, ball(20, (40, 0, 0)))
    right = kept(tmp_path, ball(20, (-40, 0, 0)))
    above = kept(tmp_path, ball(20, (0, 0, 60)))
    image = picture(
        tmp_path,
        Painted(left, "1", RED, 1.0),
        Painted(right, "1", GREEN, 1.0),
        Painted(above, "1", BLUE, 1.0),
    )
    assert image.shape == (HEIGHT, WIDTH, 3)
    red, green, blue = (middle_of(image, colour) for colour in range(3))
    assert red[0] > blue[0] > green[0]
    assert blue[1] < min(red[1], green[1])


def test_what_is_in_front_hides_what_is_behind_unless_it_is_translucent(tmp_path: Path) -> None:
    front = kept(tmp_path, box((140, 10, 100), (-70, -60, -50)))
    behind = kept(tmp_path, ball(10))
    solid = picture(tmp_path, Painted(front, "1", RED, 1.0), Painted(behind, "1", GREEN, 1.0))
    glass = picture(tmp_path, Painted(front, "1", RED, 0.2), Painted(behind, "1", GREEN, 1.0))
    assert int(glass[..., 1].max()) > int(solid[..., 1].max()) + 60


def test_skin_is_left_out_where_there_is_anything_else(tmp_path: Path) -> None:
    head, core = kept(tmp_path, ball(90)), kept(tmp_path, ball(30))
    both = picture(tmp_path, Painted(head, SKIN, RED, 1.0), Painted(core, "1", GREEN, 1.0))
    assert (both[..., 0].astype(int) - both[..., 1]).max() < 30
    alone = picture(tmp_path, Painted(head, SKIN, RED, 1.0))
    assert (alone[..., 0].astype(int) - alone[..., 1]).max() > 100


def test_a_surface_has_no_holes_however_large_its_triangles(tmp_path: Path) -> None:
    image = picture(tmp_path, Painted(kept(tmp_path, box((50, 50, 50))), "1", GREEN, 1.0))
    rows, columns = (image[..., 1] > 60).nonzero()
    middle = image[rows.min() + 40 : rows.max() - 40, columns.min() + 40 : columns.max() - 40, 1]
    assert middle.size > 1000
    assert middle.min() > 60


def test_a_picture_is_drawn_once(tmp_path: Path) -> None:
    one = (Painted(kept(tmp_path, ball(30)), "1", RED, 1.0),)
    path = draw_thumbnail(tmp_path, one)
    path.write_bytes(b"as it was")
    assert draw_thumbnail(tmp_path, one) == path
    assert path.read_bytes() == b"as it was"
    assert thumbnail_path(tmp_path, (Painted(one[0].sha256, "1", GREEN, 1.0),)) != path


async def test_members_get_their_room_s_picture_and_nobody_else(server: Served) -> None:
    async with Guest.joining(server, Role.OBSERVER) as ole, Guest.arriving(server) as stranger:
        answer = await ole.get("thumbnail.jpg")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert imagecodecs.jpeg8_decode(await answer.read()).shape == (HEIGHT, WIDTH, 3)
        stranger.path = ole.path
        assert (await stranger.get("thumbnail.jpg")).status == 401
    await server.hosting.create(OTHER_ROOM)
    async with Guest.arriving(server) as ana:
        await ana.join(await server.link(room=OTHER_ROOM), "Ana")
        assert (await ana.get("thumbnail.jpg")).status == 404
