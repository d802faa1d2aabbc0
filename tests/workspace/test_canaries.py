"""Names, ids, dates and free text of the patient are in no message, whatever goes wrong."""

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest
import structlog
from pydicom.dataset import Dataset

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from sessions.plan.commands import PinNote
from sessions.plan.records import Anchor, NoteId, SolidId
from tests.imaging.dicom.planes import Plane, stack, tagged, write_planes
from tests.imaging.dicom.written_series import ROOT
from tests.workspace.served_room import ROOM, Guest, Served
from workspace.cli.logs import LogFormat, LogLevel, configure_logs, room_code

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


class Listening:
    """What a server logs while it is served in this process."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        configure_logs(LogFormat.JSON, LogLevel.DEBUG, self.stream)

    @property
    def lines(self) -> list[dict[str, object]]:
        """The lines, each of which is one JSON document."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def events(self) -> set[object]:
        """What happened."""
        return {line["event"] for line in self.lines}


@pytest.fixture
def listening() -> Listening:
    return Listening()


def fail(*_: object, **__: object) -> NoReturn:
    """Fail in the words of a patient's file."""
    try:
        raise KeyError(TEXTS["PatientName"])  # noqa: TRY301 (an error with a cause)
    except KeyError as error:
        raise RuntimeError(f"no place for {TEXTS['PatientID']}\nforged: line") from error


async def test_no_error_path_of_a_server_says_it_in_a_log_an_answer_or_a_metric(
    server: Served, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 33."""
    hosted = await server.hosted()
    answers: list[str] = []
    async with Guest.joining(server, name=TEXTS["PatientName"]) as ana:
        paths = ("/canary?Zzyzx=1", "/join/Zzyzx.CANARY", "/rooms/anary/m/CANARY/socket")
        answers += [await (await ana.http.get(path)).text() for path in paths]
        async with ana.in_room() as line:
            command = PinNote(
                note_id=NoteId("n1"),
                anchor=Anchor(solid_id=SolidId("bone"), point_mm=(0.0, 0.0, 0.0)),
                text=TEXTS["PatientComments"],
            )
            await line.done(command)
            with monkeypatch.context() as patch:
                patch.setattr(hosted.room, "submit", fail)
                patch.setattr(hosted, "write_stl", fail)
                answers.append(str(await line.ask(command, "again")))
                answers.append(await (await ana.get("export/bone.stl")).text())
            with monkeypatch.context() as patch:
                hosted.room.subscribe(fail)
                await line.ask(msgspec.structs.replace(command, note_id=NoteId("n2")))
            await line.socket.send_str('{"type": "Zzyzx CANARY\\r\\nforged: line"}')
            answers.append(await line.farewell())
    for text in (*answers, server.hosting.metrics.text().decode(), listening.stream.getvalue()):
        require_clean(text)
        assert "theatre" not in text, "an id begins with the title of the case"
    assert {
        "command.failed",
        "request.failed",
        "room.subscriber_failed",
        "message.malformed",
    } <= listening.events()
    malformed = next(it for it in listening.lines if it["event"] == "message.malformed")
    assert malformed["room"] == room_code(ROOM)
    assert malformed["member"] == ana.member_id
    assert {"request", "level", "timestamp"} <= malformed.keys()
    failed = next(it for it in listening.lines if it["event"] == "request.failed")
    assert failed["fault"] == "RuntimeError from KeyError"
    assert any("test_canaries.py" in str(it) for it in failed["where"])  # type: ignore[attr-defined]


async def test_what_nobody_catches_and_what_libraries_say_is_told_without_its_words(
    listening: Listening,
) -> None:
    """Rows 33 and 36."""
    logging.getLogger("py.warnings").warning("%s", TEXTS["ImageComments"])
    logging.getLogger("some.library").warning("read %s", TEXTS["PatientID"])
    logging.getLogger("some.library").error(TEXTS["PatientID"])
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except RuntimeError:
        logging.getLogger("asyncio").exception(
            "Task exception was never retrieved\n%r", TEXTS["PatientID"]
        )
        structlog.get_logger().exception("it.failed")
    require_clean(listening.stream.getvalue())
    assert {"library.said", "thread.fault", "it.failed"} <= listening.events()
    said = [line.get("said") for line in listening.lines if line["event"] == "library.said"]
    assert said == ["%s", "read %s", None, "Task exception was never retrieved"]


@pytest.mark.parametrize("form", LogFormat)
def test_a_line_break_in_a_value_forges_no_line(listening: Listening, form: LogFormat) -> None:
    """Row 36."""
    configure_logs(form, LogLevel.INFO, listening.stream)
    structlog.get_logger().info("it.happened", value="one\r\ntimestamp='x' event='forged'\x1b[2J")
    assert len(listening.stream.getvalue().splitlines()) == 1
    assert "\x1b" not in listening.stream.getvalue()


def test_less_than_the_level_is_not_written(listening: Listening) -> None:
    configure_logs(LogFormat.JSON, LogLevel.WARNING, listening.stream)
    structlog.get_logger().info("it.happened")
    structlog.get_logger().warning("it.mattered")
    assert [line["event"] for line in listening.lines] == ["it.mattered"]
