"""The grey window that a series asks for: read from every place, and never a reason to refuse."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.dicom.reading import read_volume
from imaging.grey_window import GreyWindow
from imaging.importing import import_volume
from imaging.volume_store.layout import DOCUMENT
from imaging.volume_store.store import VolumeStore
from tests.imaging.dicom.multiframe_planes import (
    ENHANCED_CT,
    ENHANCED_MR,
    Enhanced,
    write_enhanced,
)
from tests.imaging.dicom.planes import stack
from tests.imaging.dicom.written_series import write_series

SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)


def window_of(folder: Path, *, syntax: str = ExplicitVRLittleEndian, **tags: object) -> object:
    """Write a series whose slices all say this, and return the window of the volume."""

    def say(dataset: Dataset, _k: int) -> None:
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)

    write_series(folder, edit=say, syntax=syntax)
    return read_volume([folder]).window


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_window_is_read_as_it_stands_in_the_header(tmp_path: Path, syntax: str) -> None:
    window = window_of(tmp_path, syntax=syntax, WindowCenter="-600", WindowWidth="1500")
    assert window == GreyWindow(-600.0, 1500.0)


def test_of_several_windows_the_first_pair_counts(tmp_path: Path) -> None:
    window = window_of(tmp_path, WindowCenter=["50", "500"], WindowWidth=["350", "2000"])
    assert window == GreyWindow(50.0, 350.0)


def test_a_series_without_a_window_states_none(tmp_path: Path) -> None:
    assert window_of(tmp_path) is None


@pytest.mark.parametrize(
    ("function", "width", "found"),
    [
        ("LINEAR", "1", GreyWindow(7.0, 1.0)),
        ("LINEAR", "0.5", None),
        ("", "0.5", None),
        ("LINEAR_EXACT", "0.5", GreyWindow(7.0, 0.5)),
        ("LINEAR_EXACT", "0", None),
        ("SIGMOID", "0.5", GreyWindow(7.0, 0.5)),
        ("SIGMOID", "-3", None),
        ("STAIRS", "400", None),
    ],
)
def test_each_function_has_its_least_width(
    tmp_path: Path, function: str, width: str, found: GreyWindow | None
) -> None:
    said = {"VOILUTFunction": function} if function else {}
    window = window_of(tmp_path, WindowCenter="7", WindowWidth=width, **said)
    assert window == found


NONSENSE: tuple[Mapping[str, str], ...] = (
    {"WindowCenter": "nan", "WindowWidth": "400"},
    {"WindowCenter": "40", "WindowWidth": "inf"},
    {"WindowCenter": "40", "WindowWidth": "1_000"},
    {"WindowCenter": "wide", "WindowWidth": "400"},
    {"WindowCenter": "40", "WindowWidth": "1e99"},
    {"WindowCenter": "40"},
    {"WindowWidth": "400"},
    {"WindowCenter": "\\50", "WindowWidth": "400\\350"},
)


@pytest.mark.parametrize("said", NONSENSE)
def test_a_window_that_is_none_refuses_no_series(tmp_path: Path, said: Mapping[str, str]) -> None:
    def write_raw(dataset: Dataset, _k: int) -> None:
        for keyword, value in said.items():
            tag = {"WindowCenter": 0x00281050, "WindowWidth": 0x00281051}[keyword]
            dataset.add_new(tag, "LT", value)  # pydicom writes no such DS

    write_series(tmp_path, edit=write_raw)
    volume = read_volume([tmp_path])
    assert volume.window is None
    assert volume.warnings == ()


def test_where_slices_disagree_the_one_in_the_middle_counts_and_nothing_is_said(
    tmp_path: Path,
) -> None:
    said = {0: (9000, 1), 1: (480, 960), 2: (500, 1000), 3: (520, 1040)}

    def say(dataset: Dataset, k: int) -> None:
        if k in said:
            dataset.WindowCenter, dataset.WindowWidth = said[k]

    write_series(tmp_path, edit=say)
    volume = read_volume([tmp_path])
    assert volume.window == GreyWindow(520.0, 1040.0)
    assert volume.warnings == ()


@pytest.mark.parametrize("sop_class", [ENHANCED_CT, ENHANCED_MR])
def test_a_frame_s_own_window_comes_before_the_shared_one(tmp_path: Path, sop_class: str) -> None:
    planes = stack()
    modality = "MR" if sop_class == ENHANCED_MR else "CT"
    frames = [
        {"FrameVOILUTSequence": {"WindowCenter": str(40 + n), "WindowWidth": "300"}}
        for n in range(len(planes))
    ]
    form = Enhanced(sop_class, tags={"Modality": modality})
    write_enhanced(tmp_path / "own" / "all.dcm", planes, form=form, groups=frames)
    middle = len(planes) // 2
    assert read_volume([tmp_path / "own"]).window == GreyWindow(40.0 + middle, 300.0)
    shared = Enhanced(sop_class, form.shared | {"FrameVOILUTSequence"}, tags={"Modality": modality})
    write_enhanced(tmp_path / "shared" / "all.dcm", planes, form=shared, groups=frames)
    assert read_volume([tmp_path / "shared"]).window == GreyWindow(40.0, 300.0)


def test_a_window_crosses_from_the_worker_and_is_kept_with_the_volume(tmp_path: Path) -> None:
    window_of(tmp_path / "series", WindowCenter="60", WindowWidth="360")
    volume = import_volume([tmp_path / "series"])
    store = VolumeStore(tmp_path / "volumes")
    opened = store.open(store.put(volume).key)
    assert opened.description.window == opened.volume().window == GreyWindow(60.0, 360.0)


def test_a_volume_that_an_older_program_stored_states_no_window(tmp_path: Path) -> None:
    window_of(tmp_path / "series", WindowCenter="60", WindowWidth="360")
    store = VolumeStore(tmp_path / "volumes")
    key = store.put(read_volume([tmp_path / "series"])).key
    document = store.open(key).folder / DOCUMENT
    told = json.loads(document.read_bytes())
    del told["attributes"]["commissure"]["window"]
    document.write_text(json.dumps(told))
    assert store.open(key).description.window is None
