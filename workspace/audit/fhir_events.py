"""Entries as FHIR R4 AuditEvent resources, in one Bundle."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from sessions.audit.records import AuditEntry, AuditEvent
from workspace.audit.dicom_messages import (
    APPLICATION_NAME,
    APPLICATION_SERVER,
    REPORT,
    SECURITY_RESOURCE,
    SYSTEM_OBJECT,
    details_of,
    is_server,
    time_of,
    user_of,
)
from workspace.audit.vocabulary import APPLICATION, MEANINGS, Code

DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
OURS: Final = "urn:x-commissure:audit:"

_OBJECT_TYPES: Final = {SYSTEM_OBJECT: "System Object"}
_OBJECT_ROLES: Final = {REPORT: "Report", SECURITY_RESOURCE: "Security Resource"}
_IDS: Final = uuid.UUID("6b3d6c1e-3c0e-5a0e-9f4e-0c0a55e1a0d1")
"""Namespace of the ids of resources: the same entry has the same id in every export."""

Resource = dict[str, Any]


def resource_of(entry: AuditEntry, source: str) -> Resource:
    """Return the AuditEvent of an entry.

    Parameters
    ----------
    source : str
        Which of the hospital's systems tells it.

    References
    ----------
    FHIR R4, AuditEvent.
    """
    event = entry.event
    meaning = MEANINGS[event.kind]
    subtype = [] if meaning.type is None else [_coding(meaning.type)]
    kind = event.kind.value
    resource = {
        "resourceType": "AuditEvent",
        "id": _id_of(entry),
        "type": _coding(meaning.event),
        "subtype": [*subtype, _ours("kind", kind, kind.replace("_", " "))],
        "action": meaning.action,
        "recorded": time_of(event),
        "outcome": str(event.outcome.value),
        "agent": _agents(event),
        "source": {
            "observer": {"identifier": {"system": f"{OURS}source", "value": source}},
            "type": [_hl7("security-source-type", APPLICATION_SERVER, "Application Server")],
        },
        "entity": _entities(entry),
    }
    if event.reason:
        resource["outcomeDesc"] = event.reason
    return resource


def bundle(entries: Iterable[AuditEntry], source: str) -> Iterator[bytes]:
    """Yield one JSON document, piece by piece: a collection of all entries."""
    yield b'{"resourceType":"Bundle","type":"collection"'
    before = b',"entry":[\n'
    for entry in entries:
        resource = resource_of(entry, source)
        held = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
        yield before + msgspec.json.encode(held)
        before = b",\n"
    # An empty array is no FHIR.
    yield b"\n]}\n" if before == b",\n" else b"}\n"


def _id_of(entry: AuditEntry) -> str:
    return str(uuid.uuid5(_IDS, f"{entry.sequence} {entry.hash}"))


def _coding(code: Code) -> Resource:
    return {"system": DCM, "code": code.value, "display": code.meaning}


def _hl7(system: str, code: str, display: str) -> Resource:
    return {"system": TERMINOLOGY + system, "code": code, "display": display}


def _ours(system: str, code: str, display: str) -> Resource:
    return {"system": OURS + system, "code": code, "display": display}


def _agents(event: AuditEvent) -> list[Resource]:
    actor, by_server = event.actor, is_server(event.actor)
    application: Resource = {
        "type": {"coding": [_coding(APPLICATION)]},
        "who": {"identifier": {"system": f"{OURS}source", "value": APPLICATION_NAME}},
        "requestor": by_server,
    }
    if by_server:
        return [application]
    who = "account" if actor.account else "member"
    person: Resource = {
        "who": {"identifier": {"system": OURS + who, "value": user_of(actor)}},
        "requestor": True,
    }
    if actor.account and actor.member:
        person["altId"] = actor.member
    if actor.role:
        person["role"] = [{"coding": [_ours("role", actor.role, actor.role)]}]
    if event.address:
        person["network"] = {"address": event.address, "type": "2"}
    return [person, application]


def _entities(entry: AuditEntry) -> list[Resource]:
    event = entry.event
    named, lifecycle = event.object, MEANINGS[event.kind].lifecycle
    entities = []
    if event.room_id:
        room = _entity("room", event.room_id, REPORT, "planning room")
        if lifecycle:
            room["lifecycle"] = {"system": f"{TERMINOLOGY}dicom-audit-lifecycle", "code": lifecycle}
        entities.append(room)
    if named.id:
        what = named.kind or "object"
        entities.append(_entity(what, named.id, REPORT, what))
    told = _entity("entry", str(entry.sequence), SECURITY_RESOURCE, "audit trail entry")
    details = details_of(entry).items()
    told["detail"] = [{"type": name, "valueString": value} for name, value in details]
    return [*entities, told]


def _entity(system: str, value: str, role: str, name: str) -> Resource:
    return {
        "what": {"identifier": {"system": OURS + system, "value": value}},
        "type": _hl7("audit-entity-type", SYSTEM_OBJECT, _OBJECT_TYPES[SYSTEM_OBJECT]),
        "role": _hl7("object-role", role, _OBJECT_ROLES[role]),
        "name": name,
    }
