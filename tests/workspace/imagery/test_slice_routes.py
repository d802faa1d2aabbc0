"""Pictures of slices over the wire: bad wishes, who may, and whose turn it is."""

import asyncio
import threading
from functools import partial
from urllib.parse import urlencode

import imagecodecs
import numpy as np
import pytest

from imaging.grey_window import GreyWindow
from sessions.plan.records import Role
from tests.workspace.imagery.grids import GRIDS, middle_of
from tests.workspace.imagery.stored_volumes import keep_for_room, ramp_volume
from tests.workspace.served_room import ROOM, Guest, Served
from workspace.errors import PictureError
from workspace.server.picture_desk import PictureDesk, SupersededError
from workspace.server.slice_parameters import wish_of

GRID = GRIDS["tilted gantry"]
GOOD = {
    "origin": ",".join(map(str, middle_of(GRID))),
    "u": "1,0,0",
    "v": "0,1,0",
    "width": "24",
    "height": "16",
    "mm": "1",
}


async def test_a_slice_comes_as_a_picture_that_browsers_keep(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ramp_volume(GRID))
    async with Guest.joining(server) as ana:
        answer = await ana.get(f"volumes/{key}/slice?{urlencode(GOOD)}")
        assert answer.status == 200, await answer.text()
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "immutable" in answer.headers["Cache-Control"]
        picture = imagecodecs.jpeg8_decode(await answer.read())
        assert picture.shape == (16, 24)
        assert np.diff(picture.mean(axis=0)).mean() > 0  # the ramp rises towards the left
        webp = await ana.get(f"volumes/{key}/slice?{urlencode(GOOD | {'format': 'webp'})}")
        assert webp.headers["Content-Type"] == "image/webp"
        slab = await ana.get(
            f"volumes/{key}/slice?{urlencode(GOOD | {'mode': 'max', 'slab_mm': '5'})}"
        )
        assert slab.status == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"origin": ""}, "origin is not written as it should be"),
        ({"origin": "1,2"}, "origin is not written as it should be"),
        ({"origin": "1,2,nan"}, "origin must be finite"),
        ({"origin": "1,2,1e9"}, "origin lies further away than 100000 mm"),
        ({"u": "2,0,0"}, "u must be a unit vector; it is 2 long"),
        ({"v": "1,0,0"}, "u and v are not at right angles; send the picture's own two axes"),
        ({"width": "0"}, "width must be 1 to 2048 pixels"),
        ({"height": "9999"}, "height must be 1 to 2048 pixels"),
        ({"width": "1.5"}, "width is not written as it should be"),
        ({"mm": "-1"}, "mm must lie between 0.001 and 1000"),
        ({"mm": None}, "mm is missing"),
        ({"width_hu": "0"}, "width_hu must lie between 1e-06 and 1e+07"),
        ({"mode": "sum"}, "mode must be one of single, max, min, mean"),
        ({"slab_mm": "inf"}, "slab_mm must be finite"),
        ({"format": "png"}, "format must be one of jpeg, webp"),
    ],
)
def test_a_wish_that_nothing_can_be_drawn_for_is_refused_in_a_sentence(
    change: dict[str, str | None], sentence: str
) -> None:
    asked = {name: value for name, value in (GOOD | change).items() if value is not None}
    with pytest.raises(PictureError) as refused:
        wish_of(asked, GreyWindow(40.0, 400.0))
    assert str(refused.value) == sentence


async def test_a_bad_wish_is_answered_with_that_sentence(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ramp_volume(GRID))
    async with Guest.joining(server) as ana:
        answer = await ana.get(f"volumes/{key}/slice?{urlencode(GOOD | {'mode': 'sum'})}")
        assert answer.status == 400
        assert await answer.text() == "mode must be one of single, max, min, mean"


@pytest.mark.parametrize("asked", [f"slice?{urlencode(GOOD)}", "value?at=0,0,0"])
async def test_slices_and_values_are_for_members_whose_role_sees_images(
    server: Served, asked: str
) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ramp_volume(GRID))
    path = f"volumes/{key}/{asked}"
    async with Guest.joining(server, Role.PATIENT) as pia, Guest.arriving(server) as stranger:
        assert (await pia.get(path)).status == 403
        stranger.path = pia.path
        assert (await stranger.get(path)).status == 401
    async with Guest.joining(server, Role.OBSERVER) as ole:
        assert (await ole.get(path)).status == 200
        assert (await ole.get(f"volumes/v0-0/{asked}")).status == 404


class Brush:
    """Draws when it is let."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.go = threading.Event()

    def drawing(self, name: str) -> bytes:
        assert self.go.wait(20)
        self.done.append(name)
        return name.encode()


async def test_a_newer_picture_of_a_pane_takes_the_place_of_one_that_waits() -> None:
    desk, brush = PictureDesk(threads=1), Brush()

    async def ask(member: str, pane: str, name: str) -> str:
        try:
            return (await desk.drawn(member, pane, lambda: brush.drawing(name))).decode()
        except SupersededError:
            return "superseded"

    asked = [
        asyncio.create_task(ask(*it))
        for it in (
            ("ana", "axial", "first"),
            ("ana", "axial", "second"),
            ("ana", "coronal", "third"),
            ("ana", "axial", "fourth"),
        )
    ]
    await asyncio.sleep(0)
    brush.go.set()
    assert await asyncio.gather(*asked) == ["first", "superseded", "third", "fourth"]
    await desk.close()


async def test_one_who_scrolls_fast_does_not_keep_another_waiting() -> None:
    desk, brush = PictureDesk(threads=1), Brush()
    tasks = [
        asyncio.create_task(desk.drawn("ana", n, partial(brush.drawing, f"ana {n}")))
        for n in range(5)
    ]
    tasks.append(asyncio.create_task(desk.drawn("ben", 0, lambda: brush.drawing("ben"))))
    await asyncio.sleep(0)
    brush.go.set()
    await asyncio.gather(*tasks)
    assert brush.done.index("ben") <= 2  # one was under way, one of Ana's came before
    await desk.close()


async def test_what_waits_of_one_member_is_bounded() -> None:
    desk, brush = PictureDesk(threads=1), Brush()
    tasks = [
        asyncio.create_task(desk.drawn("ana", n, partial(brush.drawing, str(n))))
        for n in range(100)
    ]
    await asyncio.sleep(0)
    brush.go.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(it, bytes) for it in answers) == 7
    assert answers[-1] == b"99"
    await desk.close()


async def test_a_failure_reaches_who_asked_and_the_desk_goes_on() -> None:
    desk = PictureDesk(threads=1)

    def fail() -> bytes:
        raise ValueError("no picture")

    with pytest.raises(ValueError, match="no picture"):
        await desk.drawn("ana", 0, fail)
    assert await desk.drawn("ana", 0, lambda: b"one") == b"one"
    await desk.close()
