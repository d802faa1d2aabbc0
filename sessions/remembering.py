"""A room's state as the bytes of a snapshot, and back.

Versions share most of their records with each other and with the branches. Each record is written
once, in a pool, so that a snapshot grows with what differs and not with the number of versions.
"""

import zlib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from sessions.plan.inverting import Key
from sessions.plan.records import (
    BranchId,
    Cut,
    Fragment,
    Markup,
    Measurement,
    Note,
    Plan,
    Segment,
    VersionId,
)
from sessions.plan.undo import Ledger, Touch
from sessions.protocol import Activity
from sessions.state import Kept, Line, State

FORMAT: Final = 1
"""Goes up whenever `State` changes its shape: older snapshots are then passed over."""

POOLED: Final = ("segments", "fragments", "cuts", "notes", "measurements", "markups")

FAST: Final = 1
"""Of zlib: a quarter of the size for a tenth of the time."""

Places = dict[str, int]
"""Id of a record -> its place in the pool."""


class _Pools(msgspec.Struct):
    """Every record of every branch and version, once."""

    segments: list[Segment] = []
    fragments: list[Fragment] = []
    cuts: list[Cut] = []
    notes: list[Note] = []
    measurements: list[Measurement] = []
    markups: list[Markup] = []
    touches: list[Touch] = []


class _Plan(msgspec.Struct):
    rest: Plan
    places: dict[str, Places]
    """Of each pooled field; those of a younger version are missing in older snapshots."""


class _Line(msgspec.Struct):
    plan: _Plan
    ledger: Ledger
    latest: list[tuple[Key, int]]


class _Kept(msgspec.Struct):
    plan: _Plan
    latest: list[tuple[Key, int]]


class _Memory(msgspec.Struct):
    pools: _Pools
    lines: dict[BranchId, _Line]
    kept: dict[VersionId, _Kept]
    revision: int
    head_hash: str
    activity: tuple[Activity, ...]


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(_Memory)


def to_bytes(state: State, activity: Iterable[Activity]) -> bytes:
    """Return a snapshot of a state, with the latest of what people read."""
    pool = _Pool()
    memory = _Memory(
        pools=pool.pools,
        lines={key: _packed_line(pool, line) for key, line in state.lines.items()},
        kept={
            key: _Kept(_packed(pool, kept.plan), pool.latest(kept.latest))
            for key, kept in state.kept.items()
        },
        revision=state.revision,
        head_hash=state.head_hash,
        activity=tuple(activity),
    )
    return zlib.compress(_encoder.encode(memory), FAST)


def from_bytes(payload: bytes) -> tuple[State, tuple[Activity, ...]]:
    """Return what `to_bytes` was given.

    Raises
    ------
    ValueError
        The bytes are no snapshot of this format.
    """
    try:
        memory = _decoder.decode(zlib.decompress(payload))
        state = State(
            lines={key: _line(memory.pools, line) for key, line in memory.lines.items()},
            kept={
                key: Kept(_plan(memory.pools, kept.plan), _latest(memory.pools, kept.latest))
                for key, kept in memory.kept.items()
            },
            revision=memory.revision,
            head_hash=memory.head_hash,
        )
    except (zlib.error, msgspec.MsgspecError, IndexError, KeyError) as error:
        raise ValueError("this is no snapshot of this format") from error
    return state, memory.activity


class _Pool:
    """Finds the place of each object, by identity: equal ones are mostly the same."""

    def __init__(self) -> None:
        self.pools = _Pools()
        self._places: dict[int, int] = {}

    def place(self, name: str, record: object) -> int:
        """Return the place of a record in its pool, put there if it was not yet."""
        place = self._places.get(id(record))
        if place is None:
            records: list[object] = getattr(self.pools, name)
            place = self._places[id(record)] = len(records)
            records.append(record)
        return place

    def latest(self, touches: Mapping[Key, Touch]) -> list[tuple[Key, int]]:
        """Return who touched what, by the places of the touches."""
        return [(key, self.place("touches", touch)) for key, touch in touches.items()]


def _packed_line(pool: "_Pool", line: Line) -> _Line:
    ledger = replace(line.ledger, latest={})
    return _Line(_packed(pool, line.plan), ledger, pool.latest(line.ledger.latest))


def _packed(pool: "_Pool", plan: Plan) -> _Plan:
    places = {
        name: {key: pool.place(name, record) for key, record in getattr(plan, name).items()}
        for name in POOLED
    }
    return _Plan(replace(plan, **{name: {} for name in POOLED}), places)


def _line(pools: _Pools, line: _Line) -> Line:
    return Line(_plan(pools, line.plan), replace(line.ledger, latest=_latest(pools, line.latest)))


def _plan(pools: _Pools, packed: _Plan) -> Plan:
    records = {
        name: {
            key: getattr(pools, name)[place] for key, place in packed.places.get(name, {}).items()
        }
        for name in POOLED
    }
    return replace(packed.rest, **records)


def _latest(pools: _Pools, latest: list[tuple[Key, int]]) -> dict[Key, Touch]:
    return {key: pools.touches[place] for key, place in latest}
