"""What is drawn in a room goes to everybody who may see it."""

import math
from itertools import pairwise

from sessions.plan.commands import ShareClipping
from sessions.plan.records import MarkupId, Role
from sessions.plan.surroundings import Clipping
from sessions.protocol import Advanced, Cursor, Panes, Presence, PresenceUpdate
from tests.sessions.scene import MIDDLE, at, draw
from tests.workspace.served_room import Guest, Served

LONGEST = tuple(at((100 * math.sin(n), 100 * math.cos(n), n / 7), None) for n in range(2048))
"""With all digits that a number has, as a careless page sends them."""


async def test_the_longest_line_drawn_by_hand_reaches_the_others_with_its_length(
    server: Served,
) -> None:
    async with (
        Guest.joining(server) as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as line,
        ben.in_room() as others,
    ):
        await line.done(draw("k1", "freehand", LONGEST))
        heard = await others.hear(Advanced)
        (change,) = heard.changes
        assert change.value is not None
        assert (change.kind, change.id, change.value["pending"]) == ("markups", "k1", False)
        (length,) = change.value["values"]
        truth = math.fsum(math.dist(a.point_mm, b.point_mm) for a, b in pairwise(LONGEST))
        assert (length["name"], length["unit"]) == ("length", "mm")
        assert math.isclose(length["value"], truth, abs_tol=1e-9)
        assert len(change.value["world_points"]) == 2048


async def test_a_patient_is_shown_no_markups_and_what_all_see(server: Served) -> None:
    async with Guest.joining(server) as ana:
        async with ana.in_room() as line:
            await line.done(draw("k1", "text", (at((0, 0, 0)),), text="close to the sinus"))
            await line.done(ShareClipping(clipping=Clipping(planes=(MIDDLE,))))
        async with Guest.joining(server, Role.PATIENT, "Pat") as pat, pat.in_room() as shown:
            view = shown.welcome.view
            assert view["markups"] == {}
            assert view["clipping"]["shared"]["member_name"] == "Ana Reis"
        room = (await server.hosted()).room
        assert room.plan.markups[MarkupId("k1")].text == "close to the sinus"


async def test_presence_tells_of_places_in_the_images_and_of_panes(server: Served) -> None:
    doing = Presence(
        cursor=Cursor(point_mm=(1.0, 2.0, 3.0), pane="axial"),
        crosshair=(1.0, 2.0, 3.0),
        panes=Panes(layout="four-up", maximised="axial"),
        clipping=Clipping(planes=(MIDDLE,) * 6),
        tool="roi_ellipse",
    )
    async with (
        Guest.joining(server) as ana,
        Guest.joining(server, name="Ben") as ben,
        ben.in_room() as others,
        ana.in_room() as line,
    ):
        await line.say(doing)
        while (await others.hear(PresenceUpdate)).members.get(ana.member_id) != doing:
            pass
