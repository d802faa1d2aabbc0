"""Files in folders: each once, in one order, whatever the links."""

import os
from pathlib import Path

import pytest

from imaging.errors import SourceError
from imaging.sources.discovering import find_files
from imaging.sources.opening import opened_sources


def touched(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_nested_files_are_found_in_order(tmp_path: Path) -> None:
    wanted = [touched(tmp_path / name) for name in ("a/b/2", "a/b/c/1", "a/d/3", "e")]
    assert find_files([tmp_path]) == wanted


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    file = touched(tmp_path / "a" / "1")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert find_files([tmp_path]) == [file]


def test_a_file_under_many_names_is_found_once_under_the_first(tmp_path: Path) -> None:
    file = touched(tmp_path / "b" / "1")
    os.link(file, tmp_path / "b" / "2")
    (tmp_path / "b" / "0").symlink_to("1")
    assert find_files([tmp_path, file, tmp_path / "b"]) == [tmp_path / "b" / "0"]


def test_a_link_that_is_given_itself_is_followed(tmp_path: Path) -> None:
    touched(tmp_path / "there" / "1")
    (tmp_path / "here").symlink_to(tmp_path / "there")
    assert find_files([tmp_path / "here"]) == [tmp_path / "here" / "1"]


def test_more_files_than_the_limit_are_refused(tmp_path: Path) -> None:
    for n in range(4):
        touched(tmp_path / str(n))
    assert len(find_files([tmp_path], limit=4)) == 4
    with pytest.raises(SourceError) as error:
        find_files([tmp_path], limit=3)
    assert error.value.code == "too_many_files"


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    """Its path is longer than the system takes, which holds for every user."""
    name = "d" * 250
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _ in range(18):
        os.mkdir(name, dir_fd=descriptor)
        below = os.open(name, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    file = touched(tmp_path / "IM1")
    with opened_sources([tmp_path]) as sources:
        assert sources.files == (file,)
        assert [(note.code, note.refused) for note in sources.notes] == [("unreadable", True)]
