"""What whoever runs the server does from the command line is audited, too."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from sessions.audit.records import Actor, AuditEvent, Kind, Reference, code_of
from sessions.audit.trail import FILE_NAME, AuditTrail


def operator() -> Actor:
    """Return who types: their number on this machine, not their name."""
    return Actor(account=f"uid:{os.getuid()}", role="operator")


def note(
    data: Path,
    kind: Kind,
    room_id: str = "",
    *,
    action: str = "",
    object: Reference = Reference(),  # noqa: A002, B008 (frozen; the entry's own word)
) -> None:
    """Put something on record, also while a server runs; not from within its event loop.

    Raises
    ------
    AuditError
        It cannot be noted; what it tells of must not be done.
    """
    event = AuditEvent(
        at_ms=round(datetime.now(UTC).timestamp() * 1000),
        kind=kind,
        actor=operator(),
        room_id=code_of(room_id),
        action=action,
        object=object,
    )
    asyncio.run(_append(data, event))


async def _append(data: Path, event: AuditEvent) -> None:
    trail = AuditTrail(data / FILE_NAME)
    try:
        await trail.append([event])
    finally:
        await trail.close()
