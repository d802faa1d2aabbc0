import base64
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pydicom.sr._concepts_dict import concepts

from sessions.audit.chain import Row, checked, row_of
from sessions.audit.records import Actor, AuditEntry, AuditEvent, Kind, Outcome, Reference
from sessions.errors import DamagedAuditError
from tests.sessions.audit.events import EVENTS, NOW_MS, chained, event
from workspace.audit import vocabulary
from workspace.audit.dicom_messages import message_of, messages, syslog_frames
from workspace.audit.exporting import FORMS, write_export
from workspace.audit.fhir_events import DCM, TERMINOLOGY, bundle, resource_of
from workspace.audit.tables import COLUMNS, csv_lines, json_lines
from workspace.audit.vocabulary import MEANINGS, Code

SOURCE: Final = "planning.hospital"
SCHEMA: Final = etree.RelaxNG(etree.parse(Path(__file__).with_name("audit_message.rng")))

CONCEPTS: Final[dict[str, dict[str, dict[str, tuple[str, ...]]]]] = concepts  # type: ignore[assignment]
CODES_OF_DICOM: Final = {
    code: row[0] for rows in CONCEPTS["DCM"].values() for code, row in rows.items()
}

FEW: Final = settings(max_examples=40, deadline=None)


def entries(*events: AuditEvent) -> list[AuditEntry]:
    rows, head = chained(events)
    return list(checked(rows, head))


def of_kind(kind: Kind, **fields: Any) -> AuditEntry:  # noqa: ANN401 (any field of an event)
    (entry,) = entries(msgspec.structs.replace(event(kind), **fields))
    return entry


def parsed(entry: AuditEntry) -> Any:  # noqa: ANN401 (lxml has no types)
    return etree.fromstring(message_of(entry, SOURCE))


def valid(entry: AuditEntry) -> bool:
    found: bool = SCHEMA.validate(parsed(entry))
    return found


def codes_in_vocabulary() -> Iterator[Code]:
    for meaning in MEANINGS.values():
        yield meaning.event
        if meaning.type is not None:
            yield meaning.type
    yield from (it for it in vars(vocabulary).values() if isinstance(it, Code))


def test_every_kind_of_entry_has_a_meaning_to_others() -> None:
    assert set(MEANINGS) == set(Kind)


def test_every_code_is_dicom_s_with_its_own_words() -> None:
    for code in codes_in_vocabulary():
        assert CODES_OF_DICOM[code.value] == code.meaning


@pytest.mark.parametrize("kind", Kind)
def test_the_message_of_every_kind_fits_the_schema(kind: Kind) -> None:
    for actor in (Actor(), Actor(role="server"), Actor(account="a", member="b", role="owner")):
        for address in ("", "2001:db8::7"):
            entry = of_kind(kind, actor=actor, address=address, reason="role")
            assert valid(entry), SCHEMA.error_log


@FEW
@given(EVENTS)
def test_the_message_of_any_entry_fits_the_schema(it: AuditEvent) -> None:
    (entry,) = entries(it)
    assert valid(entry), SCHEMA.error_log


def test_the_schema_refuses_what_is_no_audit_message() -> None:
    for damaged in (b"EventOutcomeIndicator", b"UserIsRequestor", b"csd-code", b"EventID"):
        text = message_of(of_kind(Kind.OPENED), SOURCE).replace(damaged, b"Other")
        assert not SCHEMA.validate(etree.fromstring(text))


def test_opening_a_room_is_a_read_access_by_the_member() -> None:
    message = parsed(of_kind(Kind.OPENED))
    identified = message.find("EventIdentification")
    assert identified.get("EventActionCode") == "R"
    assert identified.get("EventDateTime") == "2026-01-02T03:04:05.000Z"
    assert identified.get("EventOutcomeIndicator") == "0"
    assert identified.find("EventID").get("csd-code") == "110103"
    person, application = message.findall("ActiveParticipant")
    assert (person.get("UserID"), person.get("AlternativeUserID")) == ("ana@hospital", "a1")
    assert person.get("NetworkAccessPointID") == "10.0.0.7"
    assert (person.get("UserIsRequestor"), application.get("UserIsRequestor")) == ("true", "false")
    assert message.find("AuditSourceIdentification").get("AuditSourceID") == SOURCE
    assert message.find("ParticipantObjectIdentification").get("ParticipantObjectID") == "r1"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(Kind.SIGNED_IN, "110122"), (Kind.SIGNED_OUT, "110123"), (Kind.SIGN_IN_REFUSED, "110122")],
)
def test_signing_in_and_out_are_authentications(kind: Kind, code: str) -> None:
    identified = parsed(of_kind(kind)).find("EventIdentification")
    assert identified.find("EventID").get("csd-code") == "110114"
    assert identified.find("EventTypeCode").get("csd-code") == code
    assert identified.get("EventActionCode") == "E"


def test_an_export_names_who_takes_it_and_onto_what() -> None:
    message = parsed(of_kind(Kind.EXPORTED, action="stl"))
    assert message.find("EventIdentification/EventID").get("csd-code") == "110106"
    roles = [
        [role.get("csd-code") for role in it.findall("RoleIDCode")]
        for it in message.findall("ActiveParticipant")
    ]
    assert roles == [["110153", "owner"], ["110150", "110153"], ["110154"]]
    assert message.find("ActiveParticipant/MediaIdentifier/MediaType").get("csd-code") == "110037"


def test_the_details_of_a_message_carry_the_chain() -> None:
    (entry,) = entries(event(Kind.REFUSED))
    details = {
        it.get("type"): base64.b64decode(it.get("value")).decode()
        for it in parsed(entry).iter("ParticipantObjectDetail")
    }
    assert details["hash"] == entry.hash
    assert details["previous-hash"] == entry.previous_hash


@FEW
@given(st.lists(EVENTS, min_size=1, max_size=4))
def test_syslog_frames_are_counted_in_octets(events: list[AuditEvent]) -> None:
    stream = io.BytesIO(b"".join(syslog_frames(entries(*events), SOURCE)))
    found = []
    while length := b"".join(
        iter(lambda: stream.read(1), b" ") if stream.tell() < _end(stream) else ()
    ):
        found.append(stream.read(int(length)))
    assert len(found) == len(events)
    for frame, it in zip(found, events, strict=True):
        head, _, message = frame.partition(b"\xef\xbb\xbf")
        priority, time, host, name, process, kind, data = head.decode().split(" ")[:7]
        failed = it.outcome != Outcome.SUCCESS
        assert priority == ("<84>1" if failed else "<85>1")
        assert time.endswith("Z")
        assert (host, name, process, kind, data) == (
            SOURCE,
            "commissure",
            "-",
            "DICOM+RFC3881",
            "-",
        )
        assert etree.fromstring(message).tag == "AuditMessage"


def _end(stream: io.BytesIO) -> int:
    return len(stream.getbuffer())


@pytest.mark.parametrize("kind", Kind)
def test_the_resource_of_every_kind_is_an_audit_event_of_fhir(kind: Kind) -> None:
    actor = Actor(account="a", member="b", role="owner")
    told = b"".join(bundle([of_kind(kind, actor=actor, reason="role")], SOURCE))
    bundled: Any = Bundle.model_validate_json(told)
    (held,) = bundled.entry
    resource = held.resource
    assert resource.get_resource_type() == "AuditEvent"
    assert resource.type.system == DCM
    assert resource.outcome == "0"
    assert resource.outcomeDesc == "role"
    assert resource.recorded.isoformat() == "2026-01-02T03:04:05+00:00"
    assert [it.requestor for it in resource.agent] == [True, False]
    assert resource.agent[0].network.type == "2"
    assert resource.source.type[0].system == f"{TERMINOLOGY}security-source-type"
    for entity in resource.entity:
        assert entity.type.system == f"{TERMINOLOGY}audit-entity-type"
        assert entity.role.system == f"{TERMINOLOGY}object-role"
        assert (entity.name is None) != (entity.query is None)  # sev-1


@FEW
@given(st.lists(EVENTS, max_size=4))
def test_a_bundle_holds_each_entry_once_and_no_empty_value(events: list[AuditEvent]) -> None:
    told = entries(*events)
    text = b"".join(bundle(told, SOURCE))
    found: Any = Bundle.model_validate_json(text)
    urls = [it.fullUrl for it in found.entry or ()]
    assert len(set(urls)) == len(events)
    assert not list(empty_values(json.loads(text)))
    assert urls == [f"urn:uuid:{resource_of(it, SOURCE)['id']}" for it in told]


def empty_values(value: object, path: str = "") -> Iterator[str]:
    """Yield where FHIR's rule is broken that nothing is empty."""
    if value in ("", [], {}, None):
        yield path
    elif isinstance(value, dict):
        for name, it in value.items():
            yield from empty_values(it, f"{path}.{name}")
    elif isinstance(value, list):
        for it in value:
            yield from empty_values(it, path)


@FEW
@given(st.lists(EVENTS, max_size=6))
def test_lines_of_json_can_be_checked_again(events: list[AuditEvent]) -> None:
    rows, head = chained(events)
    decoder = msgspec.json.Decoder(AuditEntry)
    lines = b"".join(json_lines(checked(rows, head), SOURCE)).splitlines()
    again: list[Row] = [row_of(decoder.decode(line)) for line in lines]
    assert again == rows
    assert [it.event for it in checked(again, head)] == events


@FEW
@given(st.lists(EVENTS, max_size=6))
def test_a_spreadsheet_has_a_line_for_each_entry_and_no_formula(events: list[AuditEvent]) -> None:
    text = b"".join(csv_lines(entries(*events), SOURCE)).decode()
    names, *lines = csv.reader(io.StringIO(text, newline=""))
    assert tuple(names) == COLUMNS
    assert [len(line) for line in lines] == [len(COLUMNS)] * len(events)
    assert not any(it.startswith(("=", "+", "-", "@")) for line in lines for it in line)


@pytest.mark.parametrize("text", ["-2+3", "@SUM", "+1", "-x"])
def test_an_id_that_is_a_formula_is_a_text_in_a_spreadsheet(text: str) -> None:
    """Row 35 of the abuse list."""
    entry = of_kind(Kind.EXPORTED, object=Reference(kind="stl", id=text), action=text)
    line = next(csv.DictReader(io.StringIO(b"".join(csv_lines([entry], SOURCE)).decode())))
    assert line["object_id"] == line["action"] == f"'{text}"
    naive = f"{text},opened".split(",")[0]
    assert naive.startswith(("=", "+", "-", "@"))  # where a spreadsheet begins to calculate


@pytest.mark.parametrize("text", ["a\r\nb", "a\nEventID", 'x"y', "<AuditMessage/>"])
def test_no_text_forges_a_line_or_a_message(text: str) -> None:
    """Row 36 of the abuse list: it does not even get into an entry."""
    with pytest.raises(ValueError, match="ids and codes"):
        of_kind(Kind.EXPORTED, action=text)
    assert len(f"ana exported {text}".splitlines()) > 1 or not text.isalnum()  # a naive log's line


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_written_whole_with_all_entries(form: str, tmp_path: Path) -> None:
    out = tmp_path / "audit"
    out.write_text("older")
    told = entries(*(event(kind) for kind in Kind))
    assert write_export(told, form, out, SOURCE) == len(Kind)
    assert out.stat().st_mode & 0o077 == 0
    text = out.read_bytes()
    counted = {
        "dicom": text.count(b"<AuditMessage>"),
        "syslog": text.count(b"<AuditMessage>"),
        "fhir": text.count(b'"resourceType":"AuditEvent"'),
        "jsonl": len(text.splitlines()),
        "csv": len(text.splitlines()) - 1,
    }
    assert counted[form] == len(Kind)
    assert [path.name for path in tmp_path.iterdir()] == ["audit"]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_written_of_a_damaged_trail(form: str, tmp_path: Path) -> None:
    rows, head = chained([event(), event(Kind.LEFT), event(Kind.SAW)])
    del rows[1]
    with pytest.raises(DamagedAuditError):
        write_export(checked(rows, head), form, tmp_path / "audit", SOURCE)
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_nothing_is_an_empty_one(tmp_path: Path) -> None:
    for form in FORMS:
        assert write_export([], form, tmp_path / form, SOURCE) == 0
    assert json.loads((tmp_path / "fhir").read_text()) == {
        "resourceType": "Bundle",
        "type": "collection",
    }


def test_a_message_is_one_line() -> None:
    (line,) = messages([of_kind(Kind.OPENED, at_ms=NOW_MS)], SOURCE)
    assert line.count(b"\n") == 1
