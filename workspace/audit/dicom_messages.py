"""Entries as DICOM audit messages, PS3.15 A.5, and framed as syslog, PS3.15 A.6.

The trail names no patient and no study, so neither do the messages: where DICOM's tables ask for
them, a planning room stands instead.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from sessions.audit.records import Actor, AuditEntry, AuditEvent, Kind, Outcome
from workspace.audit.vocabulary import (
    APPLICATION,
    DESTINATION,
    DESTINATION_MEDIA,
    EXPORT,
    IMPORT,
    MEANINGS,
    SOURCE,
    SOURCE_MEDIA,
    URI,
    Code,
)

DCM: Final = "DCM"
OURS: Final = "99COMMISSURE"
"""Private coding schemes begin with 99, PS3.16 8.2."""

APPLICATION_NAME: Final = "commissure"
APPLICATION_SERVER: Final = "4"
"""PS3.15 A.5.1.2.1."""

SYSTEM_OBJECT: Final = "2"
REPORT: Final = "3"
SECURITY_RESOURCE: Final = "13"

_ROLES: Final = {EXPORT: SOURCE, IMPORT: DESTINATION}
_MEDIA: Final = {EXPORT: DESTINATION_MEDIA, IMPORT: SOURCE_MEDIA}

FACILITY: Final = 10
"""Security and authorization, RFC 5424 6.2.1."""

NOTICE: Final = 5
WARNING: Final = 4


def message_of(entry: AuditEntry, source: str) -> bytes:
    """Return the audit message of an entry, in one line.

    Parameters
    ----------
    source : str
        Which of the hospital's systems tells it.

    References
    ----------
    DICOM PS3.15 A.5.1 and A.5.3.
    """
    event = entry.event
    message = Element("AuditMessage")
    _add_event(message, event)
    _add_participants(message, event)
    told_by = SubElement(message, "AuditSourceIdentification", AuditSourceID=source)
    SubElement(told_by, "AuditSourceTypeCode", {"csd-code": APPLICATION_SERVER})
    _add_objects(message, entry)
    return tostring(message, encoding="unicode").encode()


def messages(entries: Iterable[AuditEntry], source: str) -> Iterator[bytes]:
    """Yield a line for each entry."""
    for entry in entries:
        yield message_of(entry, source) + b"\n"


def syslog_frames(entries: Iterable[AuditEntry], source: str) -> Iterator[bytes]:
    """Yield the messages as they go to a syslog server over TLS.

    References
    ----------
    DICOM PS3.15 A.6; RFC 5424; RFC 5425 4.3.
    """
    for entry in entries:
        failed = entry.event.outcome != Outcome.SUCCESS
        priority = 8 * FACILITY + (WARNING if failed else NOTICE)
        head = (
            f"<{priority}>1 {time_of(entry.event)} {source} {APPLICATION_NAME} - DICOM+RFC3881 - "
        )
        text = head.encode() + b"\xef\xbb\xbf" + message_of(entry, source)
        yield str(len(text)).encode() + b" " + text


def time_of(event: AuditEvent) -> str:
    """Return when it happened, UTC, ISO 8601."""
    moment = datetime.fromtimestamp(event.at_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user_of(actor: Actor) -> str:
    """Return the best name that the trail has for somebody."""
    return actor.account or actor.member or actor.role or "nobody-known"


def is_server(actor: Actor) -> bool:
    """Say whether it was the server itself."""
    return actor.role == "server" and not actor.member and not actor.account


def details_of(entry: AuditEntry) -> dict[str, str]:
    """Return what has no place of its own in others' forms, by name."""
    event = entry.event
    told = {
        "kind": event.kind.value,
        "action": event.action,
        "reason": event.reason,
        "count": str(event.count),
        "revision": str(event.object.revision or ""),
        "log-hash": event.object.hash,
        "previous-hash": entry.previous_hash,
        "hash": entry.hash,
    }
    return {name: value for name, value in told.items() if value}


def _add_code(parent: Element, tag: str, code: Code, system: str = DCM) -> None:
    coded = {"csd-code": code.value, "codeSystemName": system, "originalText": code.meaning}
    SubElement(parent, tag, coded)


def _add_event(message: Element, event: AuditEvent) -> None:
    meaning = MEANINGS[event.kind]
    identified = SubElement(
        message,
        "EventIdentification",
        EventActionCode=meaning.action,
        EventDateTime=time_of(event),
        EventOutcomeIndicator=str(event.outcome.value),
    )
    _add_code(identified, "EventID", meaning.event)
    if meaning.type is not None:
        _add_code(identified, "EventTypeCode", meaning.type)
    ours = Code(event.kind.value, event.kind.value.replace("_", " "))
    _add_code(identified, "EventTypeCode", ours, OURS)
    if event.reason:
        SubElement(identified, "EventOutcomeDescription").text = event.reason


def _add_participants(message: Element, event: AuditEvent) -> None:
    family = MEANINGS[event.kind].event
    by_server = is_server(event.actor)
    if not by_server:
        _add_person(message, event)
    application = SubElement(
        message,
        "ActiveParticipant",
        UserID=APPLICATION_NAME,
        UserIsRequestor="true" if by_server else "false",
    )
    _add_code(application, "RoleIDCode", APPLICATION)
    if family in _ROLES:
        _add_code(application, "RoleIDCode", _ROLES[family])
        media = SubElement(
            message, "ActiveParticipant", UserID=event.action or "file", UserIsRequestor="false"
        )
        _add_code(media, "RoleIDCode", _MEDIA[family])
        _add_code(SubElement(media, "MediaIdentifier"), "MediaType", URI)


def _add_person(message: Element, event: AuditEvent) -> None:
    actor, family = event.actor, MEANINGS[event.kind].event
    described = {"UserID": user_of(actor), "UserIsRequestor": "true"}
    if actor.account and actor.member:
        described["AlternativeUserID"] = actor.member
    if event.address:
        described |= {"NetworkAccessPointID": event.address, "NetworkAccessPointTypeCode": "2"}
    person = SubElement(message, "ActiveParticipant", described)
    if family in _ROLES:
        _add_code(person, "RoleIDCode", _ROLES[family])
    if actor.role:
        _add_code(person, "RoleIDCode", Code(actor.role, actor.role), OURS)


def _add_objects(message: Element, entry: AuditEntry) -> None:
    event = entry.event
    named, lifecycle = event.object, MEANINGS[event.kind].lifecycle
    if event.room_id:
        room = _object(message, event.room_id, REPORT, Code("room", "Planning room"))
        if lifecycle:
            room.set("ParticipantObjectDataLifeCycle", lifecycle)
    if named.id:
        what = named.kind or "object"
        _object(message, named.id, REPORT, Code(what, what))
    if event.kind == Kind.AUDIT_EXPORTED:
        log = _object(message, "audit.sqlite", SECURITY_RESOURCE, Code("12", "URI"), "RFC-3881")
        log[1].text = "Security Audit Log"  # PS3.15 A.5.3.2
    told = _object(
        message, str(entry.sequence), SECURITY_RESOURCE, Code("entry", "Audit trail entry")
    )
    for name, value in details_of(entry).items():
        packed = base64.b64encode(value.encode()).decode()
        SubElement(told, "ParticipantObjectDetail", type=name, value=packed)


def _object(
    message: Element, object_id: str, role: str, id_type: Code, system: str = OURS
) -> Element:
    found = SubElement(
        message,
        "ParticipantObjectIdentification",
        ParticipantObjectID=object_id,
        ParticipantObjectTypeCode=SYSTEM_OBJECT,
        ParticipantObjectTypeCodeRole=role,
    )
    _add_code(found, "ParticipantObjectIDTypeCode", id_type, system)
    SubElement(found, "ParticipantObjectName").text = id_type.meaning
    return found
