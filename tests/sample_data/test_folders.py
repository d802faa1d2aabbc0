"""A folder appears whole or not at all."""

from pathlib import Path

import pytest

from sample_data.errors import OccupiedFolderError
from sample_data.folders import appearing


def test_what_was_written_is_there_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "series"
    with appearing(folder) as draft:
        (draft / "a.dcm").write_bytes(b"a")
        assert not folder.exists()
    assert [path.name for path in folder.iterdir()] == ["a.dcm"]
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_an_empty_folder_may_be_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with appearing(Path()) as draft:
        (draft / "a.dcm").write_bytes(b"a")
    assert Path("a.dcm").read_bytes() == b"a"


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(OccupiedFolderError, match="not empty"), appearing(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(OccupiedFolderError, match="is a file"), appearing(tmp_path / "mine"):
        pass


@pytest.mark.parametrize("mishap", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_mishap_leaves_nothing_behind(tmp_path: Path, mishap: BaseException) -> None:
    def write() -> None:
        with appearing(tmp_path / "new" / "series") as draft:
            (draft / "a.dcm").write_bytes(b"a")
            raise mishap

    with pytest.raises(type(mishap)):
        write()
    assert list(tmp_path.iterdir()) == []
