"""`commissure import`: what a user sees of it."""

import json
from pathlib import Path

from pydicom.dataset import Dataset

from tests.imaging.dicom.written_series import Grid, write_series
from tests.workspace.command import commissure


def test_importing_twice_says_that_the_volume_is_known(tmp_path: Path) -> None:
    write_series(tmp_path / "series")
    arguments = ("import", tmp_path / "series", "--data", tmp_path / "data", "--json")
    first, second = (json.loads(commissure(*arguments).out) for _ in range(2))
    (new,), (known,) = first["volumes"], second["volumes"]
    assert (new["new"], known["new"]) == (True, False)
    assert new["key"] == known["key"]
    assert new["case"].startswith("Case ")
    listed = json.loads(commissure("catalog", "list", "--data", tmp_path / "data", "--json").out)
    assert new["id"] in json.dumps(listed)


def test_a_table_for_people_names_the_case_and_nobody(tmp_path: Path) -> None:
    write_series(tmp_path / "series")
    done = commissure("import", tmp_path / "series", "--data", tmp_path / "data")
    assert done.code == 0
    assert "5 x 6 x 7 voxels" in done.out
    assert "Secret" not in done.out + done.err
    assert "SECRET" not in done.out + done.err


def test_a_gap_is_refused_and_imported_with_a_note_when_that_is_asked_for(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "series", Grid(shape_kji=(9, 6, 7)))
    paths[4].unlink()
    arguments = ("import", tmp_path / "series", "--data", tmp_path / "data")
    refused = commissure(*arguments)
    assert refused.code == 1
    assert "missing_slice" in refused.out
    done = commissure(*arguments, "--resample")
    assert done.code == 0
    assert "9 x 6 x 7 voxels" in done.out
    assert "(resampled)" in done.out


def test_a_folder_without_images_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    done = commissure("import", tmp_path / "notes.txt", "--data", tmp_path / "data")
    assert done.code == 1
    assert "there is no DICOM image here" in done.sentence


def test_all_volumes_of_a_series_with_several_are_kept(tmp_path: Path) -> None:
    def two_echoes(dataset: Dataset, k: int) -> None:
        dataset.SOPClassUID, dataset.Modality = "1.2.840.10008.5.1.4.1.1.4", "MR"
        dataset.EchoTime = "2.5" if k < 3 else "5.0"
        dataset.ImagePositionPatient = ["0", "0", f"{5.0 * (k % 3)}"]

    write_series(tmp_path / "series", Grid(shape_kji=(6, 6, 7)), edit=two_echoes)
    arguments = ("import", tmp_path / "series", "--data", tmp_path / "data", "--json")
    report = json.loads(commissure(*arguments).out)
    assert [one["shape_kji"] for one in report["volumes"]] == [[3, 6, 7]] * 2
    assert all("split" in {it["code"] for it in one["warnings"]} for one in report["volumes"])
