"""`commissure register` from the outside."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imaging.formats import read_image
from imaging.registration.registration import from_json
from imaging.space import RigidTransform, distance_mm
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.scene import MR_FROM_CT
from sample_data.series import write_series
from tests.workspace.command import Ended, commissure
from workspace.imagery.registrations import kept_registrations

SCENE = craniopagus()
TARGETS = [SCENE.points[name] for name in SCENE.points if name.startswith("target")]


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the CT of the phantom and its MR."""
    folder = tmp_path_factory.mktemp("scans")
    write_series(SCENE, folder / "ct", Acquisition(spacing_mm=(2.5, 2.5, 2.5)))
    write_series(SCENE, folder / "mr", Acquisition(spacing_mm=(2.5, 2.5, 2.5), modality="MR"))
    return folder


@pytest.fixture(scope="module")
def made(scans: Path) -> tuple[Path, Ended]:
    """Register the MR to the CT from landmarks, and make everything that can be made."""
    rows = ["fixed_x,fixed_y,fixed_z,moving_x,moving_y,moving_z"]
    for number, fixed in enumerate(TARGETS[:5]):
        x, y, z = MR_FROM_CT.apply(fixed)
        picked = (x + 2 * (number % 2), y - 2 * (number % 3), z + 1)  # not well
        rows.append(",".join(map(str, (*fixed, *picked))))
    (scans / "pairs.csv").write_text("\n".join(rows))
    ended = commissure(
        *("register", scans / "ct", scans / "mr", "--landmarks", scans / "pairs.csv"),
        *("--out", scans / "reg.json", "--resampled", scans / "on-ct.nii.gz"),
        *("--transform", scans / "reg.tfm", "--picture", scans / "reg.png", "--json"),
        *("--data", scans / "data"),
    )
    return scans, ended


def document(ended: Ended) -> dict[str, Any]:
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = json.loads(ended.out)
    return answer


def test_it_says_where_the_moving_volume_lies_and_how_sure_that_is(
    made: tuple[Path, Ended],
) -> None:
    scans, ended = made
    answer = document(ended)
    matrix = np.array(answer["fixed_from_moving"])
    for target in TARGETS:
        found = matrix @ [*MR_FROM_CT.apply(target), 1]
        assert np.linalg.norm(found[:3] - target) <= 1.0  # mm, what is promised
    assert 0 < answer["error_p50_mm"] <= answer["error_max_mm"] <= 2.0
    assert 0.5 < answer["fre_mm"] < 3.0  # picked 1 to 4 mm beside
    assert answer["rotation_deg"] == pytest.approx(MR_FROM_CT.angle_deg, abs=0.5)
    assert (answer["start"], answer["frame"], answer["unit"]) == ("landmarks", "LPS", "mm")
    kept = from_json((scans / "reg.json").read_bytes())
    assert np.allclose(kept.fixed_from_moving.matrix(), matrix)
    assert kept.fixed_frame_uid != kept.moving_frame_uid
    assert kept_registrations(scans / "data") == (kept,)


def test_itk_s_transform_takes_points_of_the_fixed_volume_to_the_moving_one(
    made: tuple[Path, Ended],
) -> None:
    import SimpleITK

    transform = SimpleITK.ReadTransform(str(made[0] / "reg.tfm"))
    for target in TARGETS:
        there = tuple(transform.TransformPoint(target))
        assert distance_mm((there[0], there[1], there[2]), MR_FROM_CT.apply(target)) <= 1.0


def test_the_resampled_volume_and_the_picture_show_the_same(made: tuple[Path, Ended]) -> None:
    import SimpleITK

    volume = read_image(made[0] / "on-ct.nii.gz")
    i, j, k = np.rint(volume.geometry.world_to_index(TARGETS)).astype(int).T
    assert np.median(volume.voxels[k, j, i].astype(float)) == pytest.approx(420, abs=30)  # brain
    picture = SimpleITK.ReadImage(str(made[0] / "reg.png"))
    assert picture.GetNumberOfComponentsPerPixel() == 3
    assert min(picture.GetSize()) > 400


@pytest.mark.soak
def test_volumes_of_one_frame_lie_together_already(scans: Path, tmp_path: Path) -> None:
    ended = commissure(
        "register", scans / "ct", scans / "ct", "--start", "identity", "--out", tmp_path / "r.json"
    )
    assert ended.code == 0
    assert "one frame of reference" in ended.out
    kept = from_json((tmp_path / "r.json").read_bytes())
    assert kept.fixed_from_moving.distance_mm < 0.1  # mm, a 25th of a voxel
    assert kept.fixed_from_moving != RigidTransform()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--out", "r.txt"), 2, "does not end in .json"),
        (("--out", "r.json", "--picture", "r.jpg"), 2, "does not end in .png"),
        (("--out", "r.json", "--transform", "r.txt"), 1, "does not end in .tfm"),
        (("--out", "r.json", "--start", "landmarks"), 2, "give both"),
        (("--out", "r.json", "--landmarks", "none.csv"), 1, "there is no file"),
        (("--out", "nowhere/r.json"), 1, "there is no folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    arguments: tuple[str, ...], code: int, words: str, scans: Path
) -> None:
    ended = commissure("register", scans / "ct", scans / "mr", *arguments)
    assert (ended.code, words in ended.sentence) == (code, True), ended.err
