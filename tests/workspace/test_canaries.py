"""Names, ids, dates and free text of the patient are in no message, whatever goes wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from tests.imaging.dicom.planes import Plane, stack, tagged, write_planes
from tests.imaging.dicom.written_series import ROOT

TEXTS = {
    "PatientName": "Zzyzx^Canary^Name",
    "PatientID": "CANARY-ID-4711",
    "PatientBirthDate": "19010203",
    "StudyDate": "19040506",
    "SeriesDate": "19040506",
    "AcquisitionDate": "19040506",
    "StudyDescription": "Canary study text",
    "SeriesDescription": "Canary series text",
    "AccessionNumber": "CANARYACC",
    "StudyID": "CANARYSTUDY",
    "ReferringPhysicianName": "Canary^Doctor",
    "InstitutionName": "Canary hospital",
    "ImageComments": "Canary comment",
    "PatientComments": "Canary of the patient",
    "ProtocolName": "Canary protocol",
}
CANARIES = ("anary", "CANARY", "Zzyzx", "19010203", "1901-02-03", "19040506", "1904-05-06")


def marked(planes: list[Plane]) -> list[Plane]:
    return tagged(planes, **TEXTS)


def cut(folder: Path) -> None:
    victim = max(folder.iterdir())
    victim.write_bytes(victim.read_bytes()[:-7])


def cut_in_the_header(folder: Path) -> None:
    victim = max(folder.iterdir())
    victim.write_bytes(victim.read_bytes()[:700])


def text_as_number(folder: Path) -> None:
    """Put the patient's name where a number belongs."""
    victim = sorted(folder.iterdir())[1]
    data = victim.read_bytes()
    at = data.index(b"\x20\x00\x32\x00DS")
    length = int.from_bytes(data[at + 6 : at + 8], "little")
    name = TEXTS["PatientName"].encode()[:length].ljust(length)
    victim.write_bytes(data[: at + 8] + name + data[at + 8 + length :])


def text_as_class(folder: Path) -> None:
    """Put free text where the kind of object is named."""
    for victim in folder.iterdir():
        data = victim.read_bytes()
        at = data.index(b"\x08\x00\x16\x00UI")
        length = int.from_bytes(data[at + 6 : at + 8], "little")
        text = b"Canary of a class".ljust(length, b"\0")
        victim.write_bytes(data[: at + 8] + text + data[at + 8 + length :])


def nothing(_folder: Path) -> None:
    """Leave the files as they are."""


FAULTS: dict[str, tuple[list[Plane], Callable[[Path], None]]] = {
    "a missing slice": (marked(stack(9))[:3] + marked(stack(9))[5:], nothing),
    "two slices in one place": (marked([*stack(5), stack(5)[2]]), nothing),
    "one identifier twice": (
        marked([*stack(5), stack(5)[2].tagged(SOPInstanceUID=f"{ROOT}.1.3")]),
        nothing,
    ),
    "a single slice": (marked(stack(1)), nothing),
    "no position": (marked(tagged(stack(), ImagePositionPatient=None)), nothing),
    "several volumes": (
        marked([*stack(3), *tagged(stack(3), FrameOfReferenceUID=f"{ROOT}.44")]),
        nothing,
    ),
    "two patients": (marked(stack(3)) + tagged(marked(stack(3)), PatientID="CANARY-B"), nothing),
    "a file cut short": (marked(stack()), cut),
    "a file cut short in its header": (marked(stack()), cut_in_the_header),
    "a name in place of a number": (marked(stack()), text_as_number),
    "a text in place of a class": (marked(stack()), text_as_class),
    "localizers": (
        marked(tagged(stack(), ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER", "CANARY"])),
        nothing,
    ),
    "colour": (marked(tagged(stack(), PhotometricInterpretation="CANARY")), nothing),
    "units of many kinds": (
        marked([*stack(3), *tagged(stack(3, origin=(0, 0, 107.5)), RescaleType="CANARY")]),
        nothing,
    ),
    "two kernels that share a place": (
        marked([one.tagged(ConvolutionKernel=f"CANARY{k}") for k, one in enumerate(stack())]),
        nothing,
    ),
}

COMMAND = """
import typer
from workspace.cli import convert_verb, inspect_verb, main
main.VERBS = ("inspect", "convert")
main.main()
"""


def require_clean(text: str) -> None:
    found = [canary for canary in CANARIES if canary in text]
    assert not found, text


def written(folder: Path, fault: str) -> Path:
    planes, break_it = FAULTS[fault]
    write_planes(folder, planes)
    break_it(folder)
    return folder


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
@pytest.mark.parametrize("fault", FAULTS)
def test_no_message_of_imaging_says_who_the_patient_is(tmp_path: Path, fault: str) -> None:
    folder = written(tmp_path, fault)
    found = inspect([folder])
    for refused in found.refused:
        require_clean(refused.message)
    for listed in found.volumes:
        require_clean(listed.id)
        for warning in listed.warnings:
            require_clean(warning.message)
    try:
        volume = read_volume([folder])
    except ImagingError as error:
        require_clean(f"{error} {error!r} {error.code}")
    else:
        for _, message in volume.warnings:
            require_clean(message)


def test_no_command_says_it_on_standard_error(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", "a name in place of a number")
    for arguments in (
        ("inspect", folder),
        ("inspect", folder, "--json"),
        ("convert", folder, tmp_path / "out.nii"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
            cwd=Path(__file__).parents[2],
        )
        require_clean(done.stderr)
        if arguments[-1] == "--json":  # descriptions of volumes are in the table on purpose
            for refused in json.loads(done.stdout)["refused"]:
                require_clean(refused["message"])


def test_the_canaries_are_in_the_files() -> None:
    """Else nothing of this would prove anything."""
    dataset = Dataset()
    for keyword, value in TEXTS.items():
        setattr(dataset, keyword, value)
    assert all(any(canary in str(element.value) for canary in CANARIES) for element in dataset)
