"""`commissure inspect` and `commissure convert`, as a user types them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from imaging.formats import read_image
from tests.imaging.dicom.written_series import Grid, stored_values, write_series

COMMAND = """
import sys
import typer
from workspace.cli import convert_verb, inspect_verb, main
main.VERBS = ("inspect", "convert")
main.main()
"""
"""The command with two verbs, so that these tests stand on nothing else."""

VOLUME_KEYS = {
    "id",
    "study_uid",
    "series_uid",
    "modality",
    "description",
    "shape_kji",
    "spacing_mm",
    "affine_lps",
    "frame_of_reference_uid",
    "transfer_syntaxes",
    "hu",
    "warnings",
}


def commissure(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def document(*arguments: object) -> dict[str, Any]:
    done = commissure(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def sentence(*arguments: object, code: int = 1) -> str:
    """Return the one sentence with which the command refuses."""
    done = commissure(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    return line


def other(dataset: Dataset, k: int) -> None:
    dataset.SeriesInstanceUID += ".9"
    dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"


def test_inspect_prints_the_promised_document(tmp_path: Path) -> None:
    write_series(tmp_path)
    (tmp_path / "notes.txt").write_text("no DICOM")
    found = document("inspect", tmp_path)
    assert found.keys() == {"volumes", "refused", "skipped"}
    (volume,) = found["volumes"]
    assert volume.keys() == VOLUME_KEYS
    assert volume["shape_kji"] == [5, 6, 7]
    assert volume["spacing_mm"] == pytest.approx([0.7, 0.9, 2.5])
    assert np.array(volume["affine_lps"]) @ [1, 2, 3, 1] == pytest.approx(
        [*Grid().world(1, 2, 3), 1]
    )
    assert [(Path(one["file"]).name, one["code"]) for one in found["skipped"]] == [
        ("notes.txt", "not_dicom")
    ]


def test_inspect_names_the_refused_files(tmp_path: Path) -> None:
    victim = write_series(tmp_path)[2]
    victim.write_bytes(victim.read_bytes()[:-2])
    (refused,) = document("inspect", tmp_path)["refused"]
    assert refused.keys() == {"series_uid", "code", "message", "files"}
    assert refused["code"] == "truncated_file"
    assert refused["files"] == [str(victim)]


def test_inspect_shows_people_a_table_without_any_patient(tmp_path: Path) -> None:
    write_series(tmp_path)
    done = commissure("inspect", tmp_path)
    assert done.returncode == 0
    assert "5 x 6 x 7" in done.stdout
    assert "Secret" not in done.stdout
    assert "SECRET" not in done.stdout


@pytest.mark.parametrize("suffix", [".nii.gz", ".nii", ".nrrd", ".mha"])
def test_convert_keeps_values_and_places(tmp_path: Path, suffix: str) -> None:
    write_series(tmp_path / "series")
    out = tmp_path / f"out{suffix}"
    told = document("convert", tmp_path / "series", "--out", out)
    assert told["out"] == str(out)
    image = read_image(out)
    assert np.array_equal(image.voxels, stored_values((5, 6, 7)).astype(int) - 1024)
    assert image.geometry.index_to_world([6, 5, 4]) == pytest.approx(
        Grid().world(6, 5, 4), abs=1e-4
    )


def test_convert_asks_which_volume_and_takes_the_answer(tmp_path: Path) -> None:
    write_series(tmp_path / "a")
    write_series(tmp_path / "b", Grid(shape_kji=(3, 6, 7)), edit=other)
    ids = {one["id"]: one for one in document("inspect", tmp_path)["volumes"]}
    question = sentence("convert", tmp_path, "--out", tmp_path / "x.nrrd")
    assert all(name in question for name in ids)
    for name, volume in ids.items():
        out = tmp_path / f"{name}.nrrd"
        document("convert", tmp_path, "--volume", name, "--out", out)
        assert list(read_image(out).voxels.shape) == volume["shape_kji"]


def test_a_refused_series_is_one_sentence_and_leaves_no_file(tmp_path: Path) -> None:
    write_series(tmp_path / "series", Grid(shape_kji=(7, 6, 7)))[3].unlink()
    out = tmp_path / "x.nrrd"
    assert "missing" in sentence("convert", tmp_path / "series", "--out", out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["series"]


@pytest.mark.parametrize("verb", [("inspect",), ("convert", "--out", "x.nrrd")])
def test_no_dicom_and_wrong_paths_are_one_sentence(tmp_path: Path, verb: tuple[str, ...]) -> None:
    assert "there is no DICOM image here" in sentence(*verb, tmp_path)
    assert "there is no file or folder" in sentence(*verb, tmp_path / "nowhere")


def test_an_impossible_output_is_refused_before_the_work(tmp_path: Path) -> None:
    write_series(tmp_path)
    assert "none of" in sentence("convert", tmp_path, "--out", tmp_path / "x.png")
    assert "no folder" in sentence("convert", tmp_path, "--out", tmp_path / "no" / "x.nii")


def test_misuse_is_exit_2(tmp_path: Path) -> None:
    assert commissure("inspect").returncode == 2
    assert commissure("convert", tmp_path).returncode == 2


@pytest.fixture
def full_disk(tmp_path: Path) -> Path:
    """Return a file system of 1 MB, where one may be mounted."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    inside = f"{' '.join(mount)} && touch {folder}/mounted"
    probe = subprocess.run(["unshare", "-rm", "sh", "-c", inside], capture_output=True, check=False)
    if probe.returncode != 0:
        pytest.skip("no file system may be mounted here")
    return folder


@pytest.mark.parametrize("suffix", [".nii.gz", ".nii", ".nrrd", ".mha"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, full_disk: Path, suffix: str
) -> None:
    def noise(dataset: Dataset, k: int) -> None:
        values = np.random.default_rng(k).integers(0, 2**15, (300, 300))
        dataset.PixelData = values.astype("<u2").tobytes()

    write_series(tmp_path / "series", Grid(shape_kji=(10, 300, 300)), edit=noise)
    script = (
        'mount -t tmpfs -o size=1m tmpfs "$1" && cd "$4" && '
        '"$5" -c "$6" convert "$2" --out "$1/x$3"; code=$?; ls -A "$1"; exit $code'
    )
    done = subprocess.run(
        [
            "unshare",
            "-rm",
            "sh",
            "-c",
            script,
            "sh",
            full_disk,
            tmp_path / "series",
            suffix,
            Path(__file__).parents[2],
            sys.executable,
            COMMAND,
        ],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    assert "No space left" in line


@pytest.mark.shared_data
def test_every_real_folder_is_inspected_with_sense(shared_data: Path) -> None:
    found = document("inspect", shared_data / "01_ct_skull_phantom")
    series = [volume for volume in found["volumes"] if volume["modality"] == "CT"]
    assert sorted(volume["shape_kji"][0] for volume in series) == [28, 58, 140]
    (image,) = [volume for volume in found["volumes"] if volume not in series]  # dcm2niix's
    assert image["shape_kji"] == [28, 512, 512]
    assert {one["code"] for one in found["refused"]} == {"localizer", "secondary_capture"}


def test_a_file_with_a_name_in_latin_1_is_inspected_and_converted(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"k\xf6pf")
    write_series(folder, Grid(shape_kji=(3, 4, 5)))
    (folder / os.fsdecode(b"b\xe4d.txt")).write_text("no image")
    found = json.loads(commissure("inspect", folder, "--json").stdout)
    assert [Path(one["file"]).name for one in found["skipped"]] == ["b\udce4d.txt"]
    written = commissure("convert", folder, "--out", tmp_path / "volume.nrrd")
    assert (written.returncode, written.stderr) == (0, "")


def test_a_place_whose_name_is_no_utf_8_is_written_to_and_read(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"k\xf6pf")
    write_series(folder, Grid(shape_kji=(3, 4, 5)))
    volume = folder / "volume.nrrd"
    assert commissure("convert", folder, "--out", volume).returncode == 0
    assert read_image(volume).geometry.shape_kji == (3, 4, 5)


def test_a_message_stays_on_one_line_whatever_the_file_is_called(tmp_path: Path) -> None:
    ended = commissure("inspect", tmp_path / "a\x1b[2J\nb")
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"commissure: there is no file or folder {tmp_path}/a?[2J?b; check the path"
    ]
