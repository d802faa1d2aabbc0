import json
import re
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import pytest

from tests.workspace.command import commissure, line_with, ready, running, told_to_stop

QUICK: Final = ("--engine", "threshold", "--set", "lower_hu=300", "--port", "0")


def files_in(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "intake.lock"
    )


def test_the_document_has_the_keys_that_programs_rely_on(
    coarse_series: Path, tmp_path: Path
) -> None:
    with running("open", coarse_series, "--data", tmp_path, *QUICK, "--json") as process:
        document = ready(process)
        assert list(document) == ["room", "links", "segments", "seconds", "house_url", "import_url"]
        assert [link["role"] for link in document["links"]] == ["owner", "surgeon"]
        (segment,) = document["segments"]
        assert list(segment) == ["name", "code", "volume_ml", "triangles", "watertight"]
        assert segment["watertight"] is True
        assert {"import", "segment", "surface", "total"} <= set(document["seconds"])
        for url in (*(link["url"] for link in document["links"]), document["import_url"]):
            with urllib.request.urlopen(url) as answer:
                assert answer.status == 200
        code, seconds, err = told_to_stop(process)
    assert (code, err) == (0, "")
    assert seconds < 2.5
    assert not list((tmp_path / "rooms").glob("*/import"))


def test_people_see_the_links_at_once_and_the_segments_when_ready(
    coarse_series: Path, tmp_path: Path
) -> None:
    with running(
        "open", coarse_series, "--data", tmp_path, *QUICK, "--title", "Twins 3"
    ) as process:
        first = line_with(process, "Room case-")
        assert "open one link per person, each asks for a name." in first
        assert "http://127.0.0.1:" in line_with(process, "owner")
        assert "/join/case-" in line_with(process, "surgeon")
        assert "closed, surface error p95" in line_with(process, "mL")
        assert f"commissure serve --data {tmp_path}" in line_with(process, "Ready.")
        code, seconds, err = told_to_stop(process, signal.SIGINT)
    assert code == 0
    assert seconds < 2.5
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_import_that_is_stopped_leaves_nothing_behind(
    coarse_series: Path, tmp_path: Path, number: int
) -> None:
    with running("open", coarse_series, "--data", tmp_path, "--port", "0") as process:
        line_with(process, "surgeon")  # the links are out, the import goes on
        code, seconds, err = told_to_stop(process, number)
    assert code == 0
    assert seconds < 2.5
    assert "Traceback" not in err
    assert files_in(tmp_path) == ["audit.sqlite"]  # what was done stays on record


def test_an_import_that_fails_after_the_links_are_out_leaves_nothing_behind(
    coarse_series: Path, tmp_path: Path
) -> None:
    """The headers and the settings are fine; there is just nothing so dense in these images."""
    ended = commissure(
        "open", coarse_series, "--data", tmp_path / "data", "--port", "0",
        "--engine", "threshold", "--set", "lower_hu=3000", "--set", "upper_hu=3001",
    )  # fmt: skip
    assert ended.code == 1
    assert "lower" in ended.sentence
    assert "/join/" in ended.out
    assert files_in(tmp_path / "data") == ["audit.sqlite"]


def test_an_engine_or_setting_that_does_not_exist_is_refused_before_any_link(
    coarse_series: Path, tmp_path: Path
) -> None:
    for more in (("--engine", "magic"), ("--engine", "threshold", "--set", "colour=3")):
        ended = commissure("open", coarse_series, "--data", tmp_path, "--port", "0", *more)
        assert (ended.code, ended.out) == (1, "")
        assert "magic" in ended.sentence or "colour" in ended.sentence
    assert files_in(tmp_path) == []


def test_a_bundle_opens_as_a_room_with_fresh_links(coarse_series: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with running("open", coarse_series, "--data", here, *QUICK, "--json") as process:
        made = ready(process)
        told_to_stop(process)
    bundle = tmp_path / "theatre.commissure"
    exported = json.loads(
        commissure("room", "export", made["room"], "--data", here, "--out", bundle, "--json").out
    )
    with running("open", bundle, "--data", there, "--port", "0", "--json") as process:
        opened = ready(process)
        assert opened["room"] == "theatre"
        assert list(opened) == ["room", "links", "segments", "seconds", "house_url", "import_url"]
        assert opened["segments"] == made["segments"]
        with urllib.request.urlopen(opened["links"][0]["url"]) as answer:
            assert answer.status == 200
        assert told_to_stop(process)[0] == 0
    verified = json.loads(commissure("room", "verify", "theatre", "--data", there, "--json").out)
    assert verified["state_hash"] == exported["state_hash"]
    again = commissure("open", bundle, "--data", there, "--port", "0")
    assert again.code == 1
    assert (
        "there is a room theatre already; give the new one another id with --as" in again.sentence
    )
    with running(
        "open", bundle, "--data", there, "--port", "0", "--as", "theatre-2", "--json"
    ) as process:
        assert ready(process)["room"] == "theatre-2"
        told_to_stop(process)


def test_a_room_that_was_killed_in_mid_import_is_cleared_away(
    coarse_series: Path, tmp_path: Path
) -> None:
    with running("open", coarse_series, "--data", tmp_path, *QUICK, "--json") as process:
        kept = ready(process)["room"]
        told_to_stop(process)
    with running("open", coarse_series, "--data", tmp_path, "--port", "0") as process:
        match = re.search("Room ([^:]+):", line_with(process, "Room "))
        assert match is not None
        while not (tmp_path / "rooms" / match[1] / "import").exists():
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert (tmp_path / "rooms" / match[1]).exists()
    with running("serve", "--data", tmp_path, "--port", "0", "--json") as process:
        served = ready(process)
        told_to_stop(process)
    assert [room["room"] for room in served["rooms"]] == [kept]
    assert not (tmp_path / "rooms" / match[1]).exists()


def test_a_page_cannot_be_reached_once_the_server_has_stopped(
    coarse_series: Path, tmp_path: Path
) -> None:
    with running("open", coarse_series, "--data", tmp_path, *QUICK, "--json") as process:
        url = ready(process)["links"][0]["url"]
        told_to_stop(process)
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=2)
