"""The plan and its log as bytes: canonical JSON, so that equal values have equal hashes."""

import hashlib
from typing import Any, Final

import msgspec
from msgspec.structs import asdict, replace

from sessions.plan.events import Entry
from sessions.plan.records import Plan

FIRST_PREVIOUS_HASH: Final = "0" * 64
"""`previous_hash` of the first entry."""

MAX_ENTRY_BYTES: Final = 1_000_000
"""An operation of a member takes a few kB; a segment with its provenance some 10 kB."""

ADDED_FIELDS: Final = frozenset({"markups", "clipping", "frames"})
"""Fields of a plan that are younger than signatures which still have to hold."""

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_ENTRY_DECODER: Final = msgspec.json.Decoder(Entry)


def canonical(value: object) -> bytes:
    """Return the JSON of `value`, with sorted keys, no spaces and the shortest exact numbers."""
    return _ENCODER.encode(value)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data`, hex."""
    return hashlib.sha256(data).hexdigest()


def state_hash(plan: Plan) -> str:
    """Return the SHA-256 of a plan's canonical JSON; the order of insertion plays no part."""
    return sha256(canonical(written_fields(plan)))


def written_fields(plan: Plan) -> dict[str, Any]:
    """Return the fields that a plan's hash is of; what came later only where there is any of it.

    So a plan without has the hash that it had before, in archives and signatures.
    """
    fields = asdict(plan)
    return {name: it for name, it in fields.items() if it or name not in ADDED_FIELDS}


def payload_of(entry: Entry) -> bytes:
    """Return the bytes that an entry's hash is of: its canonical JSON with an empty `hash`."""
    return canonical(replace(entry, hash=""))


def seal(entry: Entry) -> Entry:
    """Return the entry as a reader of the log will find it, with its hash.

    The round trip matters: ``0`` is written as ``0`` and read as ``0.0``, so only what comes
    back from the bytes may change the plan, or a replay would have another hash.
    """
    read_back = _ENTRY_DECODER.decode(payload_of(entry))
    payload = payload_of(read_back)
    return replace(read_back, hash=sha256(payload))


def unseal(payload: bytes, entry_hash: str) -> Entry:
    """Return the entry that `payload` holds.

    Raises
    ------
    ValueError
        The payload is no entry, or not the one that `entry_hash` belongs to.
    """
    if len(payload) > MAX_ENTRY_BYTES:
        raise ValueError(f"it is over {MAX_ENTRY_BYTES // 1000} kB")
    if sha256(payload) != entry_hash:
        raise ValueError("its content does not match its hash")
    try:
        return replace(_ENTRY_DECODER.decode(payload), hash=entry_hash)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("its content is no entry") from error


def require_follows(entry: Entry, revision: int, previous_hash: str) -> None:
    """Raise `ValueError` unless `entry` comes right after the given one in the chain."""
    if entry.revision != revision + 1:
        raise ValueError(f"revision {revision + 1} is missing")
    if entry.previous_hash != previous_hash:
        raise ValueError("it does not belong to the entry before it")
