"""Several things in one series or folder: split into what belongs together, each part in place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
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
from tests.imaging.dicom.written_series import MR, ROOT


@dataclass(frozen=True)
class Mixture:
    """What is written, and what should be made of it."""

    planes: Sequence[Plane]
    volumes: tuple[frozenset[int], ...]
    """Numbers of the planes of each volume that is wanted."""
    warnings: frozenset[str] = frozenset()
    """Codes on every volume."""
    refused: tuple[str, ...] = ()
    """Codes of what is refused beside."""


Tags = Callable[[int], dict[str, object]]
"""Attributes that tell volume number t from the others."""

FIVE = 5
"""Slices of a volume."""


def several(tags: Tags, volumes: int = 3, slices: int = FIVE) -> list[Plane]:
    """Return volumes in one place, block by block, numbered through as scanners do."""
    planes = []
    for t in range(volumes):
        for k, one in enumerate(stack(slices)):
            planes.append(one.tagged(InstanceNumber=t * slices + k + 1, **tags(t)))
    return planes


def interleaved(tags: Tags, volumes: int = 3, slices: int = FIVE) -> list[Plane]:
    """Return volumes in one place, place by place."""
    blocks = several(tags, volumes, slices)
    turns = [blocks[t * slices + k] for k in range(slices) for t in range(volumes)]
    return [one.tagged(InstanceNumber=at + 1) for at, one in enumerate(turns)]


def blocks(volumes: int = 3, slices: int = FIVE) -> tuple[frozenset[int], ...]:
    return tuple(frozenset(range(t * slices, (t + 1) * slices)) for t in range(volumes))


def combs(volumes: int = 3, slices: int = FIVE) -> tuple[frozenset[int], ...]:
    return tuple(frozenset(range(t, volumes * slices, volumes)) for t in range(volumes))


def mr(**tags: object) -> dict[str, object]:
    return {"SOPClassUID": MR, "Modality": "MR", **tags}


def clock(t: int) -> str:
    return f"1015{t:02d}.250000"


DISTINCT: dict[str, tuple[Tags, int]] = {
    "TemporalPositionIdentifier": (lambda t: mr(TemporalPositionIdentifier=t + 1), 3),
    "AcquisitionNumber": (lambda t: {"AcquisitionNumber": t + 1}, 3),
    "TriggerTime": (lambda t: mr(TriggerTime=f"{40.5 * t}"), 3),
    "AcquisitionTime": (lambda t: {"AcquisitionTime": clock(t)}, 3),
    "ContentTime": (lambda t: {"ContentTime": clock(t)}, 3),
    "two kernels": (lambda t: {"ConvolutionKernel": ("H30s", "H60s")[t]}, 2),
    "two tube voltages": (lambda t: {"KVP": ("80", "140")[t]}, 2),
    "two echoes": (lambda t: mr(EchoTime=("4.92", "9.84")[t]), 2),
    "three inversion times": (lambda t: mr(InversionTime=f"{300 * (t + 1)}"), 3),
    "magnitude and phase": (lambda t: mr(ImageType=["ORIGINAL", "PRIMARY", "MP"[t], "ND"]), 2),
    "four b-values": (lambda t: mr(DiffusionBValue=float(250 * t)), 4),
    "water and fat": (lambda t: mr(ImageType=["DERIVED", "PRIMARY", ("WATER", "FAT")[t]]), 2),
}


def timed_slices(t: int, k: int) -> dict[str, object]:
    """Return times that differ for every slice, as most scanners write them."""
    return {"AcquisitionTime": f"10{t:02d}{k:02d}.5", "ContentTime": f"11{t:02d}{k:02d}.5"}


def split_mixtures() -> dict[str, Mixture]:
    cases = {}
    for name, (tags, volumes) in DISTINCT.items():
        found = frozenset({"split"})
        cases[f"{name}, in blocks"] = Mixture(several(tags, volumes), blocks(volumes), found)
        cases[f"{name}, by turns"] = Mixture(interleaved(tags, volumes), combs(volumes), found)
    return cases


def in_plane(column: str) -> list[Plane]:
    step, row, down = {
        "sagittal": ((1.5, 0, 0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
        "coronal": ((0, 1.5, 0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    }[column]
    return stack(FIVE, step=step, row=row, column=down)


def scout() -> Plane:
    return replace(in_plane("sagittal")[0], shape=(9, 8), spacing=(1.0, 1.0))


LOCALIZER = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
CAPTURE = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "SeriesInstanceUID": f"{ROOT}.3"}
STACK = frozenset(range(FIVE))
SECOND = frozenset(range(FIVE, 2 * FIVE))
NONE: frozenset[str] = frozenset()

MIXTURES: dict[str, Mixture] = {
    **split_mixtures(),
    "only InstanceNumber, in blocks": Mixture(
        several(lambda _: {}), blocks(), frozenset({"split", "split_by_number"})
    ),
    "only InstanceNumber, by turns": Mixture(
        interleaved(lambda _: {}), combs(), frozenset({"split", "split_by_number"})
    ),
    "time of every slice, and only InstanceNumber": Mixture(
        [
            one.tagged(**timed_slices(at // FIVE, at % FIVE))
            for at, one in enumerate(several(lambda _: {}))
        ],
        blocks(),
        frozenset({"split", "split_by_number"}),
    ),
    "two kernels at two times": Mixture(
        several(lambda t: {"ConvolutionKernel": "ab"[t % 2], "AcquisitionNumber": t // 2 + 1}, 4),
        blocks(4),
        frozenset({"split"}),
    ),
    "axial and sagittal": Mixture(
        [*stack(FIVE), *in_plane("sagittal")], (STACK, SECOND), frozenset({"split"})
    ),
    "axial, sagittal and coronal": Mixture(
        [*stack(FIVE), *in_plane("sagittal"), *in_plane("coronal")],
        blocks(),
        frozenset({"split"}),
    ),
    "axial twice, two degrees apart": Mixture(
        [*stack(FIVE, shape=(40, 40)), *rotated(stack(FIVE, shape=(40, 40)), about_x(2))],
        (STACK, SECOND),
        frozenset({"split"}),
    ),
    "a localizer that says so": Mixture(
        [*stack(FIVE), scout().tagged(**LOCALIZER)],
        (STACK,),
        frozenset({"localizer_left_out"}),
        ("localizer",),
    ),
    "a localizer that says so, of the same matrix": Mixture(
        [*stack(FIVE), in_plane("sagittal")[0].tagged(**LOCALIZER)],
        (STACK,),
        frozenset({"localizer_left_out"}),
        ("localizer",),
    ),
    "a localizer that does not say so": Mixture(
        [*stack(FIVE), scout()], (STACK,), frozenset({"split"}), ("single_slice",)
    ),
    "a localizer that does not say so, of the same matrix": Mixture(
        [*stack(FIVE), in_plane("sagittal")[0]], (STACK,), frozenset({"split"}), ("single_slice",)
    ),
    "two matrices": Mixture(
        [*stack(FIVE), *stack(FIVE, shape=(7, 6))], (STACK, SECOND), frozenset({"split"})
    ),
    "two frames of reference": Mixture(
        [*stack(FIVE), *tagged(stack(FIVE), FrameOfReferenceUID=f"{ROOT}.44")],
        (STACK, SECOND),
        frozenset({"split"}),
    ),
    "two frames of reference, one behind the other": Mixture(
        [
            *stack(FIVE),
            *tagged(stack(FIVE, origin=(-31.5, 12.25, 112.5)), FrameOfReferenceUID=f"{ROOT}.44"),
        ],
        (STACK, SECOND),
        frozenset({"split"}),
    ),
    "two patients under one series": Mixture(
        [*stack(FIVE), *tagged(stack(FIVE, origin=(0, 0, 112.5)), PatientID="OTHER")],
        (STACK, SECOND),
        frozenset({"split"}),
    ),
    "two studies in one folder": Mixture(
        [
            *stack(FIVE),
            *tagged(stack(FIVE), StudyInstanceUID=f"{ROOT}.22", SeriesInstanceUID=f"{ROOT}.33"),
        ],
        (STACK, SECOND),
    ),
    "two studies under one series": Mixture(
        [*stack(FIVE), *tagged(stack(FIVE), StudyInstanceUID=f"{ROOT}.22")],
        (STACK, SECOND),
    ),
    "CT and MR under one series": Mixture(
        [*stack(FIVE), *tagged(stack(FIVE), **mr())], (STACK, SECOND), frozenset({"split"})
    ),
    "screen captures under the series": Mixture(
        [*stack(FIVE), scout().tagged(**CAPTURE)], (STACK,), NONE, ("secondary_capture",)
    ),
    "a stopped time series": Mixture(
        several(lambda t: {"AcquisitionNumber": t + 1}, 3)[:12],
        (*blocks(2), frozenset({10, 11})),
        frozenset({"split"}),
    ),
}


@pytest.mark.parametrize("case", MIXTURES)
def test_a_mixture_is_split_into_what_belongs_together(tmp_path: Path, case: str) -> None:
    wanted = MIXTURES[case]
    write_planes(tmp_path, wanted.planes)
    found = inspect([tmp_path])
    assert sorted(one.code for one in found.refused) == sorted(wanted.refused)
    held = set()
    for listed in found.volumes:
        volume = read_volume([tmp_path], listed.id)
        held.add(frozenset(held_planes(volume, wanted.planes)))
        assert worst_mm(volume, wanted.planes) < PLACE_TOLERANCE_MM
        codes = {code for code, _ in volume.warnings} - {"refused_beside", "mixed_contrast"}
        assert codes - {"not_hu"} == wanted.warnings
        assert codes - {"not_hu"} == {one.code for one in listed.warnings} - {"not_hu"}
    assert held == set(wanted.volumes)


def test_a_repeated_slice_is_dropped_and_it_is_said(tmp_path: Path) -> None:
    planes = stack()
    paths = write_planes(tmp_path, planes)
    again = paths[2].read_bytes().replace(f"{ROOT}.1.3".encode(), f"{ROOT}.1.9".encode())
    (tmp_path / "again.dcm").write_bytes(again)
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(6))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    assert [code for code, _ in volume.warnings] == ["duplicate_dropped"]


@pytest.mark.parametrize("repeated", [0, 3, 5])
def test_a_slice_in_the_place_of_another_is_refused(tmp_path: Path, repeated: int) -> None:
    planes = stack()
    write_planes(tmp_path, [*planes, planes[repeated]])
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "duplicate_slice"


def test_a_slice_so_near_another_that_no_scanner_takes_both_is_refused(tmp_path: Path) -> None:
    write_planes(tmp_path, [*stack(), *stack(1, origin=(-31.5, 12.25, 105.01))])
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "duplicate_slice"


@pytest.mark.parametrize("layout", [several, interleaved])
def test_volumes_told_apart_by_number_may_share_a_blank_slice(
    tmp_path: Path, layout: Callable[..., list[Plane]]
) -> None:
    """Ends of a functional series are often nothing but air: equal in all volumes."""
    planes = layout(lambda _: {})
    lowest = min(one.position[2] for one in planes)

    def edit(dataset: Dataset, number: int) -> None:
        if planes[number].position[2] == lowest:
            dataset.PixelData = bytes(len(dataset.PixelData))

    write_planes(tmp_path, planes, edit=edit)
    found = inspect([tmp_path])
    assert [volume.shape_kji[0] for volume in found.volumes] == [FIVE] * 3
    assert not found.refused
    for listed in found.volumes:
        assert "split_by_number" in {warning.code for warning in listed.warnings}


def test_equal_bits_of_another_sign_are_another_picture(tmp_path: Path) -> None:
    """65535 without a sign is -1 with one."""

    def edit(dataset: Dataset, number: int) -> None:
        if number in {2, 6}:
            dataset.PixelData = b"\xff" * len(dataset.PixelData)
            dataset.PixelRepresentation = int(number == 6)

    write_planes(tmp_path, [*stack(), stack()[2]], edit=edit)
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "duplicate_slice"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("identifier", [f"{ROOT}.7", None])
def test_five_hundred_images_in_one_place_are_each_read_once(
    tmp_path: Path, identifier: str | None
) -> None:
    """Compared pair by pair, ten thousand would take hours."""
    one = stack(1)[0].tagged(InstanceNumber=None, SOPInstanceUID=identifier)
    write_planes(tmp_path, [one] * 500)
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == ("conflicting_instance" if identifier else "duplicate_slice")


def test_two_images_of_one_identifier_are_a_conflict(tmp_path: Path) -> None:
    planes = stack()
    write_planes(tmp_path, [*planes, planes[2].tagged(SOPInstanceUID=f"{ROOT}.1.3")])
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "conflicting_instance"


@pytest.mark.parametrize("keyword", ["SOPInstanceUID", "FrameOfReferenceUID", "StudyInstanceUID"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_blank_identifier_is_told_and_harms_nothing(
    tmp_path: Path, keyword: str, value: str | None
) -> None:
    planes = tagged(stack(), **{keyword: value})
    write_planes(tmp_path, planes)
    volume = read_volume([tmp_path])
    assert held_planes(volume, planes) == set(range(6))
    assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    wanted = "no_frame_of_reference" if keyword == "FrameOfReferenceUID" else "blank_uid"
    assert [code for code, _ in volume.warnings] == [wanted]


@pytest.mark.parametrize("value", [None, ""])
def test_series_without_identifier_are_told_apart_by_number_and_folder(
    tmp_path: Path, value: str | None
) -> None:
    planes = [
        *tagged(stack(), SeriesInstanceUID=value, SeriesNumber=3),
        *tagged(stack(), SeriesInstanceUID=value, SeriesNumber=4),
    ]
    write_planes(tmp_path / "a", planes)
    write_planes(tmp_path / "b", tagged(planes, SOPInstanceUID=None))
    found = inspect([tmp_path])
    assert [one.shape_kji[0] for one in found.volumes] == [6, 6, 6, 6]
    assert len({one.id for one in found.volumes}) == 4
    for one in found.volumes:
        volume = read_volume([tmp_path], one.id)
        assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM


def test_the_id_of_a_series_without_identifier_does_not_tell_where_its_folder_lies(
    tmp_path: Path,
) -> None:
    """An archive is unpacked into another folder each time."""
    ids = []
    for folder in ("here", "there/deeper"):
        for name in ("a", "b"):
            number = {"a": 1, "b": 2}[name]
            shifted = stack(origin=(0, 0, number))
            write_planes(
                tmp_path / folder / name,
                tagged(shifted, SeriesInstanceUID=None, SOPInstanceUID=None),
            )
        ids.append([one.id for one in inspect([tmp_path / folder]).volumes])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


def test_all_of_a_mixture_is_in_one_of_its_volumes(tmp_path: Path) -> None:
    """Nine volumes of three kinds, two of them in the same place."""
    planes = [
        *several(lambda t: {"ConvolutionKernel": "ab"[t]}, 2),
        *tagged(several(lambda t: {"AcquisitionNumber": t}, 3), FrameOfReferenceUID=f"{ROOT}.9"),
        *in_plane("coronal"),
        *in_plane("sagittal"),
        *tagged(several(lambda t: {"AcquisitionTime": clock(t)}, 2), PatientID="OTHER"),
    ]
    write_planes(tmp_path, planes)
    held: list[int] = []
    for listed in inspect([tmp_path]).volumes:
        volume = read_volume([tmp_path], listed.id)
        held += held_planes(volume, planes)
        assert worst_mm(volume, planes) < PLACE_TOLERANCE_MM
    assert sorted(held) == list(range(len(planes)))
    assert np.unique(held).size == 9 * FIVE
