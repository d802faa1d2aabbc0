"""What is counted, who may see it, and that it says nothing of anybody."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sessions.lobby import Lobby
from sessions.plan.commands import PinNote
from sessions.plan.records import Anchor, NoteId, Role, RoomId, SegmentId, SolidId
from sessions.protocol import Presence
from tests.workspace.served_room import Guest, Served, furnish
from workspace.planning.pool import GeometryPool
from workspace.server.hosting import Hosting
from workspace.server.metrics import Metrics
from workspace.server.serving import Watching, bound_socket, serving, url_of
from workspace.storage import blobs_in, make_data_folder, rooms_in

CANARY_ROOM = RoomId("zzyzx-canary-head-1")
CANARIES = ("anary", "zzyzx", "Zzyzx", "0.0,")


def note(number: int, solid: str = "bone") -> PinNote:
    return PinNote(
        note_id=NoteId(f"n{number}"),
        anchor=Anchor(solid_id=SolidId(solid), point_mm=(0.0, 0.0, 0.0)),
        text="Canary of the patient",
    )


class Scrape(dict[str, float]):
    """A scrape: name and labels -> value."""

    @classmethod
    def of(cls, text: str) -> "Scrape":
        """Parse Prometheus' text format."""
        found = cls()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}"] = sample.value
        return found

    def value(self, name: str, labels: str = "") -> float:
        """Return a figure of ours."""
        return self[f"commissure_{name}{{{labels}}}"]


class Watched(Served):
    """A server whose metrics are shown."""

    metrics_url: str

    async def scrape(self) -> tuple[str, Scrape]:
        """Return the text, and what it says."""
        async with aiohttp.ClientSession() as http, http.get(self.metrics_url) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/plain"
            text = await answer.text()
            return text, Scrape.of(text)


@pytest.fixture
async def watched(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[Watched]:
    data = tmp_path / "data"
    make_data_folder(data)
    hosting = Hosting(Lobby(rooms_in(data)), blobs_in(data), pool)
    with bound_socket("127.0.0.1", 0) as listener, bound_socket("127.0.0.1", 0) as metrics:
        watching = Watching(metrics_listener=metrics)
        async with serving(hosting, listener, watching=watching):
            await furnish(await hosting.create(CANARY_ROOM), "Zzyzx Canary")
            server = Watched(hosting, url_of(listener))
            assert watching.metrics_url is not None
            server.metrics_url = watching.metrics_url
            yield server


async def test_what_happens_is_counted_and_nobody_is_named(watched: Watched) -> None:
    async with Guest.arriving(watched) as ana:
        await ana.join(await watched.link(Role.SURGEON, CANARY_ROOM), "Zzyzx Canary")
        async with ana.in_room() as line:
            await line.done(note(1))
            await line.ask(note(3, "nowhere"))
            await line.say(Presence())
            await line.ask(note(2))
            text, scrape = await watched.scrape()
    assert not [canary for canary in CANARIES if canary in text]
    counted = {
        ("commands_total", "command=pin_note,outcome=acknowledged"): 2,
        ("commands_total", "command=pin_note,outcome=refused"): 1,
        ("sockets", "kind=room"): 1,
        ("rooms_open", ""): 1,
        ("members_present", ""): 1,
        ("command_seconds_count", ""): 2,
        ("presence_frames_total", "direction=received"): 1,
        ("log_write_failures_total", ""): 0,
        ("sign_ins_total", "outcome=passed,way=invitation"): 1,
        ("slow_readers_dropped_total", ""): 0,
        ("rooms_not_served", ""): 0,
        ("ready", ""): 1,
    }
    assert {key: scrape.value(*key) for key in counted} == counted
    assert scrape.value("commit_jobs_count") >= 4
    assert scrape.value("commit_seconds_sum") > 0
    assert scrape.value("blob_bytes") > 1000
    assert scrape.value("disk_free_bytes") > 0
    assert any(key.startswith("commissure_build_info{") for key in scrape)


async def test_every_label_comes_from_a_closed_set(watched: Watched) -> None:
    async with Guest.arriving(watched) as ana:
        await ana.join(await watched.link(Role.OBSERVER, CANARY_ROOM), "Zzyzx")
        async with ana.in_room() as line:
            await line.ask(note(1))
        await ana.http.get("/rooms/zzyzx/../canary?canary=1")
        await ana.http.get("/canary")
        text, scrape = await watched.scrape()
    assert scrape.value("commands_total", "command=pin_note,outcome=forbidden") == 1
    assert scrape.value("requests_total", "route=none,status=404") >= 1
    assert not [canary for canary in CANARIES if canary in text]
    labels = set(re.findall(r'(\w+)="', text)) - {"le"}
    assert labels <= {
        *("command", "outcome", "direction", "kind", "reason", "route", "status"),
        *("way", "job", "version", "python"),
    }


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Origin": "own"}, "not_signed_in"),
        ({"Origin": "http://elsewhere.example"}, "foreign_origin"),
    ],
)
async def test_a_socket_that_is_not_opened_is_counted_with_the_reason(
    watched: Watched, headers: dict[str, str], reason: str
) -> None:
    if headers["Origin"] == "own":
        headers = {"Origin": watched.url}
    async with Guest.arriving(watched) as ana:
        await ana.join(await watched.link(Role.SURGEON, CANARY_ROOM), "Ana")
        if reason == "not_signed_in":
            ana.http.cookie_jar.clear()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await ana.http.ws_connect(f"{ana.path}socket", headers=headers)
        _, scrape = await watched.scrape()
    assert scrape.value("upgrades_refused_total", f"reason={reason}") == 1


async def test_the_main_port_shows_no_metrics(watched: Watched) -> None:
    async with Guest.arriving(watched) as guest:
        assert (await guest.get("/metrics")).status == 404


async def test_a_page_elsewhere_cannot_read_them_by_a_name_of_its_own(watched: Watched) -> None:
    async with aiohttp.ClientSession() as http:
        for host, status in {"evil.example": 403, "localhost:1": 200}.items():
            async with http.get(watched.metrics_url, headers={"Host": host}) as answer:
                assert answer.status == status


async def test_work_of_other_processes_is_counted(watched: Watched) -> None:
    hosted = await watched.hosted(CANARY_ROOM)
    await hosted.draco(hosted.room.plan.segments[SegmentId("bone")].surface.sha256)
    _, scrape = await watched.scrape()
    assert scrape.value("worker_jobs_total", "job=encode_for_browser,outcome=done") == 1
    assert scrape.value("worker_job_seconds_count", "job=encode_for_browser") == 1


def test_two_servers_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.slow_reader_dropped()
    assert Scrape.of(one.text().decode()).value("slow_readers_dropped_total") == 1
    assert Scrape.of(other.text().decode()).value("slow_readers_dropped_total") == 0
