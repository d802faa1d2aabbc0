import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from imaging.formats import read_image, write_array_image
from imaging.volume import VolumeGeometry
from sample_data.acquisition import Acquisition
from sample_data.liver import liver
from sample_data.series import write_series
from workspace.cli import segment_verb
from workspace.cli.main import MISUSED, REFUSED, sentence_of
from workspace.errors import MisuseError

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.callback()
    def several_verbs() -> None:
        pass

    segment_verb.register(app)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = 0
        try:
            app(["segment", *map(str, arguments)], standalone_mode=False)
        except Exception as error:  # noqa: BLE001 - as main does
            sys.stderr.write(sentence_of(error) or repr(error))
            code = MISUSED if isinstance(error, MisuseError) else REFUSED
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("liver") / "series"
    write_series(liver(), folder, Acquisition(spacing_mm=(3.0, 3.0, 4.0), seed=3))
    return folder


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("image") / "ball.nrrd"
    z, y, x = np.indices((21, 31, 41)) - np.array([10, 15, 20]).reshape(3, 1, 1, 1)
    voxels = np.where(x**2 + y**2 + z**2 < 64, 700, -1000).astype(np.int16)
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    write_array_image(path, voxels, VolumeGeometry((1.0, 1.0, 1.0), (5, 6, 7), axes, (21, 31, 41)))
    return path


@pytest.mark.parametrize("suffix", [".nrrd", ".nii.gz"])
def test_a_dicom_series_becomes_a_labelmap_with_its_report(
    run: Run, series: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"seg{suffix}"
    code, shown, _ = run(
        series, "--engine", "threshold", "--set", "lower_hu=-200", "--out", out, "--json"
    )
    assert code == 0
    report: dict[str, Any] = json.loads(shown)
    assert set(report) == {
        "engine",
        "version",
        "parameters",
        "warnings",
        "volume_ml",
        "voxels",
        "out",
        "frame",
    }
    assert report["frame"] == "LPS"
    assert report["parameters"]["lower_hu"] == -200
    labels = read_image(out)
    assert np.count_nonzero(labels.voxels) == report["voxels"]
    per_voxel_ml = labels.geometry.voxel_volume_mm3 / 1000
    assert report["volume_ml"] == pytest.approx(report["voxels"] * per_voxel_ml)


def test_a_dicom_series_becomes_a_dicom_seg(run: Run, series: Path, tmp_path: Path) -> None:
    from segmentation.dicom_seg import read_seg

    out = tmp_path / "seg.dcm"
    code, shown, _ = run(series, "--engine", "skin", "--out", out, "--json")
    assert code == 0
    assert read_seg(out).mask(1).sum() == json.loads(shown)["voxels"]


def test_values_of_an_image_without_a_unit_are_taken_for_hu_and_it_says_so(
    run: Run, image: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seg.nrrd"
    code, shown, told = run(image, "--engine", "threshold", "--set", "lower_hu=0", "--out", out)
    assert code == 0
    assert "its values are taken for HU" in told
    assert "Tissue: 2.1 mL" in shown
    assert np.count_nonzero(read_image(out).voxels) == np.count_nonzero(
        np.greater(read_image(image).voxels, 0)
    )


def test_a_dicom_seg_of_an_image_that_is_no_dicom_is_refused(
    run: Run, image: Path, tmp_path: Path
) -> None:
    code, _, told = run(image, "--engine", "threshold", "--out", tmp_path / "seg.dcm")
    assert code == REFUSED
    assert "ball.nrrd is no DICOM" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--engine", "bones"), "there is no engine 'bones'; the engines are threshold, bone"),
        (("--engine", "bone", "--set", "hu=3"), "no key 'hu'; its keys are lower_hu"),
        (("--engine", "bone", "--set", "lower_hu=nan"), "lower_hu a number from -1000 to 4000"),
        (("--engine", "threshold", "--set", "lower_hu=9000"), "choose lower_hu at or below 700"),
    ],
)
def test_a_refusal_says_what_there_is_and_leaves_nothing(
    run: Run, image: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, shown, told = run(image, *arguments, "--out", tmp_path / "seg.nrrd", "--json")
    assert (code, shown) == (REFUSED, "")
    assert sentence in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--engine", "bone"),
        ("--engine", "bone", "--out", "x.stl"),
        ("--engine", "bone", "--out", "x.nrrd", "--set", "lower_hu"),
        ("--engine", "bone", "--out", "x.nrrd", "--set", "lower_hu=1", "--set", "lower_hu=2"),
    ],
)
def test_arguments_that_do_not_go_together_are_misuse(
    run: Run, image: Path, arguments: tuple[str, ...]
) -> None:
    assert run(image, *arguments)[0] == MISUSED


def test_every_engine_and_key_is_listed(run: Run) -> None:
    from segmentation.engines.table import ENGINES

    _, shown, _ = run("--help-engines")
    for engine in ENGINES.values():
        assert engine.help in shown
        for parameter in engine.parameters:
            assert f"  {parameter.key} " in shown
    _, document, _ = run("--help-engines", "--json")
    assert [engine["name"] for engine in json.loads(document)["engines"]] == list(ENGINES)


def test_a_path_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, _ = run(tmp_path / "nothing", "--engine", "bone", "--out", tmp_path / "x.nrrd")
    assert code == REFUSED


@pytest.mark.parametrize("name", ["seg.dcm", "seg.nrrd"])
def test_a_folder_that_is_not_there_is_named_before_anything_is_read(
    run: Run, tmp_path: Path, name: str
) -> None:
    missing = tmp_path / "missing"
    code, _, told = run("no-such-path", "--engine", "bone", "--out", missing / name)
    assert code == REFUSED
    assert told == f"there is no folder {missing} to write {name} to; make it first"


def test_an_image_has_no_volumes_to_choose_from(run: Run, image: Path, tmp_path: Path) -> None:
    out = tmp_path / "seg.nrrd"
    code, _, told = run(image, "--engine", "threshold", "--volume", "v1", "--out", out)
    assert code == MISUSED
    assert "--volume chooses among DICOM volumes" in told
