"""`commissure sample` from the outside."""

import errno
import json
import math
import re
import shlex
import sys
from pathlib import Path
from typing import Protocol

import pydicom
import pytest

from sample_data.scene import MR_FROM_CT
from sample_data.scenes import SCENES
from workspace.cli import main as command

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-phantoms.md"
COARSE = ("--spacing-mm", "8")


class Ran:
    """What a run of the command left on the terminal."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


class Run(Protocol):
    """Run `commissure sample` with arguments."""

    def __call__(self, *arguments: str) -> Ran: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `commissure sample` with arguments."""
    monkeypatch.setattr(command, "VERBS", ("sample", "serve"))

    def runs(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["commissure", "sample", *arguments])
        code = 0
        try:
            command.main()
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return runs


def test_the_report_says_what_was_written_and_what_is_true(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "series"
    ran = run("craniopagus", "--out", str(out), *COARSE, "--theta-deg", "30", "--json")
    report = json.loads(ran.out)
    assert ran.code == 0
    assert report["scene"] == "craniopagus"
    assert report["out"] == str(out)
    assert report["spacing_mm"] == [8, 8, 8]
    assert report["truths"]["bone_ml"] == pytest.approx(342.94, abs=0.005)
    assert "mr_from_ct" not in report
    instances = [pydicom.dcmread(path) for path in out.iterdir()]
    assert len(instances) == report["instances"] == report["shape_kji"][0]
    assert {str(instance.SeriesInstanceUID) for instance in instances} == {report["series_uid"]}
    assert {instance.Rows for instance in instances} == {report["shape_kji"][1]}
    assert {instance.Columns for instance in instances} == {report["shape_kji"][2]}


def test_an_mr_reports_its_transform_and_its_own_landmarks(run: Run, tmp_path: Path) -> None:
    arguments = ("liver", *COARSE, "--json", "--out")
    ct = json.loads(run(*arguments, str(tmp_path / "ct")).out)
    mr = json.loads(run(*arguments, str(tmp_path / "mr"), "--modality", "MR").out)
    assert mr["mr_from_ct"]["rotation"] == list(MR_FROM_CT.rotation)
    moved = MR_FROM_CT.apply(tuple(ct["points_mm"]["tumour"]))
    assert mr["points_mm"]["tumour"] == pytest.approx(moved)


def test_a_tilted_scan_reports_its_sheared_affine(run: Run, tmp_path: Path) -> None:
    arguments = ("ball", *COARSE, "--tilt-deg", "16.5", "--json", "--out", str(tmp_path / "tilted"))
    affine = json.loads(run(*arguments).out)["affine_lps"]
    along_j, along_k = ([row[n] for row in affine[:3]] for n in (1, 2))
    assert along_k == pytest.approx([0, 0, 8])
    assert sum(a * b for a, b in zip(along_j, along_k, strict=True)) / 64 == pytest.approx(
        math.sin(math.radians(16.5))
    )


def test_without_json_the_report_is_for_people(run: Run, tmp_path: Path) -> None:
    ran = run("ball", "--out", str(tmp_path / "ball"), *COARSE)
    assert ran.code == 0
    assert re.search(r"^ball: \d+ instances", ran.out)
    assert "ball_ml" in ran.out


def test_the_list_names_all_scenes(run: Run) -> None:
    assert [line.split()[0] for line in run("--list").out.splitlines()] == list(SCENES)
    listed = json.loads(run("--list", "--json").out)["scenes"]
    assert [scene["name"] for scene in listed] == list(SCENES)


@pytest.mark.parametrize("spacing", ["8", "8,8,8"])
def test_one_number_or_three_say_the_spacing(spacing: str, run: Run, tmp_path: Path) -> None:
    ran = run("box", "--out", str(tmp_path / "box"), "--spacing-mm", spacing, "--json")
    assert json.loads(ran.out)["spacing_mm"] == [8, 8, 8]


def test_a_folder_that_is_not_empty_is_refused_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    ran = run("ball", "--out", str(tmp_path), *COARSE)
    assert ran.code == 1
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert "not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_or_a_missing_right_leaves_nothing(
    reason: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def save_as(_: pydicom.Dataset, path: Path, **__: object) -> None:
        if len(written) == 3:
            raise OSError(reason, "no")
        written.append(path)
        path.write_bytes(b"some")

    monkeypatch.setattr(pydicom.Dataset, "save_as", save_as)
    ran = run("ball", "--out", str(tmp_path / "new" / "ball"), *COARSE)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err
    assert len(written) == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", "--out", "x"), "no scene 'nothing'"),
        (("ball",), "--out DIR"),
        ((), "--out DIR"),
        (("ball", "--out", "x", "--theta-deg", "30"), "for craniopagus"),
        (("ball", "--out", "x", "--variant", "helical"), "for craniopagus"),
        (("ball", "--out", "x", "--tilt-deg", "9", "--modality", "MR"), "for axial CT"),
        (("ball", "--out", "x", "--tilt-deg", "9", "--orientation", "coronal"), "for axial CT"),
        (("ball", "--out", "x", "--tilt-deg", "45"), "less than or equal to 30"),
        (("ball", "--out", "x", "--spacing-mm", "0"), "spacing"),
        (("ball", "--out", "x", "--spacing-mm", "nan"), "spacing"),
        (("ball", "--out", "x", "--spacing-mm", "1,2"), "spacing"),
        (("ball", "--out", "x", "--spacing-mm", "one"), "spacing"),
        (("craniopagus", "--out", "x", "--theta-deg", "inf"), "theta"),
        (("ball", "--out", "x", "--noise-hu", "-1"), "noise-hu"),
        (("ball", "--out", "x", "--noise-hu", "nan"), "noise-hu"),
        (("ball", "--out", "x", "--orientation", "tilted"), "orientation"),
        (("ball", "--out", "x", "--patient-position", "SITTING"), "patient-position"),
    ],
)
def test_misuse_is_said_and_ends_with_2(
    arguments: tuple[str, ...],
    said: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def commands_of_the_guide() -> list[str]:
    return re.findall(r"^commissure sample .*$", GUIDE.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("line", commands_of_the_guide())
def test_every_command_in_the_guide_runs(
    line: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coarsely: the last spacing given counts."""
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(line)[2:]
    assert run(*arguments, *COARSE).code == 0


def test_the_guide_names_every_scene_and_every_truth() -> None:
    text = GUIDE.read_text()
    for name, build in SCENES.items():
        assert f"`{name}`" in text
        for truth in build().truths:
            assert f"`{truth}`" in text, truth
