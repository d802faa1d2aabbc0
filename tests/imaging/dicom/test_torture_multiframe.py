"""Enhanced multi-frame images, converted ones and mosaics: each frame in its own place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ImplicitVRLittleEndian

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from tests.imaging.dicom.multiframe_planes import (
    CONVERTED_CT,
    CONVERTED_MR,
    ENHANCED_CT,
    ENHANCED_MR,
    Enhanced,
    Groups,
    Mosaic,
    write_enhanced,
    write_mosaic,
)
from tests.imaging.dicom.planes import (
    PLACE_TOLERANCE_MM,
    Plane,
    about_x,
    held_planes,
    rotated,
    stack,
    tagged,
    worst_mm,
    write_planes,
)
from tests.imaging.dicom.test_torture_grids import DOUBLE_OBLIQUE, tilted
from tests.imaging.dicom.written_series import MR, ROOT

NONE_SHARED: frozenset[str] = frozenset()
SHUFFLED = (3, 0, 5, 1, 4, 2)


def require_all_in_place(folder: Path, planes: Sequence[Plane], *volumes: set[int]) -> None:
    """Assert that the folder holds these volumes, and each voxel of them in its place."""
    found = inspect([folder])
    assert not found.refused
    held = []
    for listed in found.volumes:
        volume = read_volume([folder], listed.id)
        held.append(held_planes(volume, planes))
        assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    assert sorted(held, key=min) == sorted(volumes, key=min)


FORMS = {
    "all that can be is shared": Enhanced(),
    "all stands with each frame": Enhanced(shared=NONE_SHARED),
    "MR": Enhanced(ENHANCED_MR, tags={"Modality": "MR"}),
    "converted CT": Enhanced(CONVERTED_CT),
    "converted MR": Enhanced(CONVERTED_MR, shared=NONE_SHARED, tags={"Modality": "MR"}),
    "implicit": Enhanced(syntax=ImplicitVRLittleEndian),
}
STACKS = {
    "upright": stack(),
    "double oblique": rotated(stack(), DOUBLE_OBLIQUE),
    "tilted": tilted(20),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("planes", STACKS)
def test_frames_lie_where_their_groups_put_them(tmp_path: Path, planes: str, form: str) -> None:
    write_enhanced(tmp_path / "all.dcm", STACKS[planes], SHUFFLED, FORMS[form])
    require_all_in_place(tmp_path, STACKS[planes], set(range(6)))


def test_a_single_frame_position_beside_the_groups_decides_nothing(tmp_path: Path) -> None:
    wrong = {
        "ImagePositionPatient": [0, 0, 0],
        "ImageOrientationPatient": [0, 1, 0, 0, 0, 1],
        "PixelSpacing": [3, 3],
    }
    write_enhanced(tmp_path / "all.dcm", stack(), form=Enhanced(tags=wrong))
    require_all_in_place(tmp_path, stack(), set(range(6)))


def test_a_series_may_be_spread_over_several_files(tmp_path: Path) -> None:
    planes = stack(8)
    for number, held in enumerate(((0, 4, 2, 6), (5, 1, 7, 3))):
        form = Enhanced(tags={"SOPInstanceUID": f"{ROOT}.7.{number}"})
        write_enhanced(tmp_path / f"{number}.dcm", planes, held, form)
    require_all_in_place(tmp_path, planes, set(range(8)))


@dataclass(frozen=True)
class Kinds:
    """Twelve frames, six of each kind, by turns."""

    groups: tuple[Groups, Groups]
    sop_class: str = ENHANCED_MR


def echo(time_ms: float) -> Groups:
    return {"MREchoSequence": {"EffectiveEchoTime": time_ms}}


KINDS = {
    "two echoes": Kinds((echo(4.9), echo(9.8))),
    "two times": Kinds(
        (
            {"FrameContentSequence": {"TemporalPositionIndex": 1}},
            {"FrameContentSequence": {"TemporalPositionIndex": 2}},
        )
    ),
    "two stacks": Kinds(
        (
            {"FrameContentSequence": {"StackID": "1"}},
            {"FrameContentSequence": {"StackID": "2"}},
        )
    ),
    "two trigger delays": Kinds(
        (
            {"CardiacSynchronizationSequence": {"NominalCardiacTriggerDelayTime": 10.0}},
            {"CardiacSynchronizationSequence": {"NominalCardiacTriggerDelayTime": 300.0}},
        )
    ),
    "magnitude and phase": Kinds(
        (
            {"MRImageFrameTypeSequence": {"FrameType": ["ORIGINAL", "PRIMARY", "M", "NONE"]}},
            {"MRImageFrameTypeSequence": {"FrameType": ["ORIGINAL", "PRIMARY", "P", "NONE"]}},
        )
    ),
    "two b-values": Kinds(
        (
            {"MRDiffusionSequence": {"DiffusionBValue": 0.0}},
            {"MRDiffusionSequence": {"DiffusionBValue": 1000.0}},
        )
    ),
    "two kernels": Kinds(
        (
            {"CTReconstructionSequence": {"ConvolutionKernel": "H30"}},
            {"CTReconstructionSequence": {"ConvolutionKernel": "H60"}},
        ),
        ENHANCED_CT,
    ),
    "two kernels, converted": Kinds(
        (
            {"UnassignedPerFrameConvertedAttributesSequence": {"ConvolutionKernel": "H30"}},
            {"UnassignedPerFrameConvertedAttributesSequence": {"ConvolutionKernel": "H60"}},
        ),
        CONVERTED_CT,
    ),
}


@pytest.mark.parametrize("case", KINDS)
def test_frames_that_show_two_things_are_two_volumes(tmp_path: Path, case: str) -> None:
    kinds = KINDS[case]
    planes = [one for one in stack() for _ in range(2)]
    groups = [kinds.groups[at % 2] for at in range(12)]
    form = Enhanced(kinds.sop_class, tags={"Modality": "MR"})
    write_enhanced(tmp_path / "all.dcm", planes, form=form, groups=groups)
    require_all_in_place(tmp_path, planes, set(range(0, 12, 2)), set(range(1, 12, 2)))


def test_two_orientations_in_one_image_are_two_volumes(tmp_path: Path) -> None:
    planes = [*stack(), *rotated(stack(), about_x(90))]
    write_enhanced(tmp_path / "all.dcm", planes, form=Enhanced(shared=NONE_SHARED))
    require_all_in_place(tmp_path, planes, set(range(6)), set(range(6, 12)))


def test_each_frame_has_a_slope_of_its_own(tmp_path: Path) -> None:
    planes = stack()
    groups = [
        {
            "PixelValueTransformationSequence": {
                "RescaleSlope": f"{0.5 * (at + 1)}",
                "RescaleIntercept": f"{at}",
                "RescaleType": "US",
            }
        }
        for at in range(6)
    ]
    form = Enhanced(ENHANCED_MR, shared=NONE_SHARED, tags={"Modality": "MR"})
    write_enhanced(tmp_path / "all.dcm", planes, form=form, groups=groups)
    voxels = read_volume([tmp_path]).voxels
    k = np.arange(6).reshape(6, 1, 1)
    stored = np.arange(120).reshape(6, 5, 4)
    assert np.array_equal(voxels, stored * (0.5 * (k + 1)) + k)


@pytest.mark.parametrize(
    "group", ["PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence"]
)
def test_frames_without_place_are_refused(tmp_path: Path, group: str) -> None:
    form = Enhanced(left_out=frozenset({group}))
    write_enhanced(tmp_path / "all.dcm", stack(), form=form)
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == ("no_spacing" if group == "PixelMeasuresSequence" else "no_position")


@pytest.mark.parametrize(("stated", "code"), [("7", "truncated_file"), ("5", "no_position")])
def test_a_number_of_frames_that_is_not_theirs_is_refused(
    tmp_path: Path, stated: str, code: str
) -> None:
    write_enhanced(tmp_path / "all.dcm", stack(), form=Enhanced(tags={"NumberOfFrames": stated}))
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == code


def test_missing_and_repeated_frames_are_found_as_among_files(tmp_path: Path) -> None:
    write_enhanced(tmp_path / "a" / "all.dcm", stack(9), (0, 1, 2, 5, 6, 7, 8))
    write_enhanced(tmp_path / "b" / "all.dcm", [*stack(), stack()[2]])
    for folder, code in (("a", "missing_slice"), ("b", "duplicate_slice")):
        with pytest.raises(ImagingError) as refusal:
            read_volume([tmp_path / folder])
        assert refusal.value.code == code


def test_an_enhanced_image_beside_its_slices_is_another_volume(tmp_path: Path) -> None:
    planes = stack()
    form = Enhanced(tags={"SOPInstanceUID": f"{ROOT}.7"})
    write_enhanced(tmp_path / "all.dcm", planes, form=form)
    write_planes(tmp_path, planes)
    require_all_in_place(tmp_path, planes, set(range(6)), set(range(6)))


TILED = tagged(stack(5, shape=(4, 6)), SOPClassUID=MR, Modality="MR")
MR_TAGS = {"SOPClassUID": MR, "Modality": "MR"}

MOSAICS: dict[str, tuple[list[Plane], tuple[float, ...]]] = {
    "upwards": (TILED, (0.0, 0.0, 1.0)),
    "downwards": (stack(5, step=(0, 0, -2.5), shape=(4, 6)), (0.0, 0.0, -1.0)),
    "double oblique": (
        rotated(TILED, DOUBLE_OBLIQUE),
        tuple(DOUBLE_OBLIQUE[:, 2].tolist()),
    ),
    "double oblique, downwards": (
        rotated(stack(5, step=(0, 0, -2.5), shape=(4, 6)), DOUBLE_OBLIQUE),
        tuple((-DOUBLE_OBLIQUE[:, 2]).tolist()),
    ),
    "not square": (stack(5, spacing=(0.5, 1.5), shape=(4, 6)), (0.0, 0.0, 1.0)),
    "nine tiles, all of them": (stack(9, shape=(4, 6)), (0.0, 0.0, 1.0)),
}


@pytest.mark.parametrize("case", MOSAICS)
def test_the_tiles_of_a_mosaic_lie_where_they_were_scanned(tmp_path: Path, case: str) -> None:
    planes, normal = MOSAICS[case]
    form = Mosaic(3, normal, MR_TAGS)
    write_mosaic(tmp_path / "mosaic.dcm", planes, range(len(planes)), form)
    require_all_in_place(tmp_path, planes, set(range(len(planes))))


def test_mosaics_of_three_times_are_three_volumes(tmp_path: Path) -> None:
    planes = [*TILED, *TILED, *TILED]
    for t in range(3):
        form = Mosaic(3, tags={**MR_TAGS, "AcquisitionNumber": t + 1}, file_number=t)
        write_mosaic(tmp_path / f"{t}.dcm", planes, range(5 * t, 5 * t + 5), form)
    require_all_in_place(tmp_path, planes, *(set(range(5 * t, 5 * t + 5)) for t in range(3)))


@pytest.mark.parametrize(
    "form",
    [
        Mosaic(3, None, MR_TAGS),
        Mosaic(3, (1.0, 0.0, 0.0), MR_TAGS),
        Mosaic(3, (float("nan"), 0.0, 1.0), MR_TAGS),
        Mosaic(3, tags={**MR_TAGS, "SpacingBetweenSlices": None}),
        Mosaic(3, tags={**MR_TAGS, "SpacingBetweenSlices": "0"}),
    ],
    ids=["no header", "normal in plane", "normal is no number", "no step", "step of nought"],
)
def test_a_mosaic_that_does_not_say_how_it_is_stacked_is_refused(
    tmp_path: Path, form: Mosaic
) -> None:
    write_mosaic(tmp_path / "mosaic.dcm", TILED, range(5), form)
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == "mosaic"


def test_a_mosaic_of_no_rows_is_refused(tmp_path: Path) -> None:
    form = Mosaic(3, tags={**MR_TAGS, "Rows": 0})
    write_mosaic(tmp_path / "mosaic.dcm", TILED, range(5), form)
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == "bad_matrix"
