"""`commissure surface` from the outside."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from imaging.formats import write_array_image
from imaging.volume import VolumeGeometry
from sample_data.grids import grid_around
from sample_data.scenes import SCENES
from sample_data.voxelizing import voxelize
from segmentation.surface.formats import read_surface
from workspace.cli import main as command

KEYS = {
    "volume_ml",
    "area_cm2",
    "triangles",
    "watertight",
    "error_p95_mm",
    "error_max_mm",
    "frame",
    "unit",
}


@pytest.fixture(autouse=True)
def _two_verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "VERBS", ("segment", "surface"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["commissure", "surface", *arguments])
    with pytest.raises(SystemExit) as left:
        command.main()
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the phantom ball, scanned at 2 mm."""
    scene = SCENES["ball"]()
    path = tmp_path_factory.mktemp("ball") / "ball.nrrd"
    volume = voxelize(scene, grid_around(scene, (2.0, 2.0, 2.0)))
    write_array_image(path, volume.voxels, volume.geometry)
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Return a label map with a block of 2 mL as segment 3, and one of 1 mL as segment 5."""
    grid = VolumeGeometry(
        (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), (30,) * 3
    )
    voxels = np.zeros(grid.shape_kji, np.uint8)
    voxels[2:12, 2:12, 2:22] = 3
    voxels[15:25, 15:25, 15:25] = 5
    path = tmp_path / "labels.nrrd"
    write_array_image(path, voxels, grid)
    return path


def test_a_volume_becomes_a_surface_file_and_one_json_document(
    ball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ball.stl"
    settings = ("--engine", "threshold", "--set", "lower_hu=-480", "--set", "upper_hu=3000")
    assert run(monkeypatch, str(ball), *settings, "--out", str(out), "--json") == 0
    streams = capsys.readouterr()
    report = json.loads(streams.out)
    assert report.keys() >= KEYS
    assert (report["frame"], report["unit"], report["watertight"]) == ("LPS", "mm", True)
    assert 0 <= report["error_p95_mm"] <= report["error_max_mm"] <= 0.5  # of 2 mm
    assert report["parameters"]["lower_hu"] == -480
    assert "taken for HU" in streams.err
    written = read_surface(out)
    assert written.volume_ml == pytest.approx(report["volume_ml"], rel=1e-5)
    assert len(written.triangles) == report["triangles"]


def test_a_smaller_bound_gives_a_smaller_error_and_more_triangles(
    ball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = []
    for bound in ("0.05", "0.5"):
        arguments = (str(ball), "--engine", "threshold", "--set", "lower_hu=-480")
        out = str(tmp_path / "ball.ply")
        assert run(monkeypatch, *arguments, "--max-error-mm", bound, "--out", out, "--json") == 0
        reports.append(json.loads(capsys.readouterr().out))
    fine, coarse = reports
    assert fine["error_max_mm"] <= 0.05
    assert coarse["error_max_mm"] <= 0.5
    assert fine["triangles"] > coarse["triangles"]


def test_one_segment_of_a_label_map_becomes_a_surface(
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = str(tmp_path / "block.glb")
    assert run(monkeypatch, str(labels), "--segment", "3", "--out", out, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["volume_ml"] == pytest.approx(2.0, rel=0.03)  # corners are rounded
    assert report["watertight"]


def test_a_label_map_of_several_segments_asks_which_one(
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, str(labels), "--out", str(tmp_path / "block.stl")) == 2
    assert "segments 3, 5; choose one with --segment" in capsys.readouterr().err


WRONG = [
    (("--segment", "4"), 1, "there is no segment 4"),
    (("--engine", "nobody"), 1, "there is no engine"),
    (("--engine", "threshold", "--set", "sharpness=2"), 1, "sharpness"),
    (("--engine", "threshold", "--segment", "3"), 2, "give one of them"),
    (("--set", "lower_hu=2"), 2, "belong to an --engine"),
    (("--segment", "3", "--max-error-mm", "0"), 2, "greater than 0"),
    (("--segment", "3", "--max-error-mm", "nan"), 2, "greater than 0"),
    (("--segment", "3", "--max-error-mm", "1e308"), 1, "at most 20"),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_arguments_give_one_sentence_and_no_file(
    wrong: tuple[tuple[str, ...], int, str],
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments, code, sentence = wrong
    out = tmp_path / "block.stl"
    assert run(monkeypatch, str(labels), *arguments, "--out", str(out)) == code
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert not out.exists()


def test_wrong_places_give_one_sentence(
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = (str(labels), "--segment", "3", "--out")
    for out in ("block.step", "nowhere/block.stl"):
        assert run(monkeypatch, *chosen, str(tmp_path / out)) == 1
    missing = str(tmp_path / "missing")
    assert run(monkeypatch, missing, "--engine", "bone", "--out", str(tmp_path / "a.stl")) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert [bool(error) for error in errors] == [True] * 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["labels.nrrd"]


def test_grey_values_are_not_taken_for_labels(
    ball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, str(ball), "--out", str(tmp_path / "ball.stl")) == 1
    assert "grey values, not labels" in capsys.readouterr().err


def test_a_pipe_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert run(monkeypatch, str(pipe), "--out", str(tmp_path / "a.stl")) == 1
    assert "neither a file nor a folder" in capsys.readouterr().err
