"""What the panels draw: one row for each record, numbers as text, times as they were written.

Words are not here: rows are made once for everybody, and everybody has their own language.
"""

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list."""


class CaseFacts(Row, frozen=True):
    """What the case was made from; empty texts where the images do not say."""

    title: str = ""
    known: bool = False
    modality: str = ""
    series: str = ""
    acquired_on: str = ""
    voxel: str = ""
    thickness: str = ""
    warnings: tuple[str, ...] = ()


class SolidRow(Row, frozen=True):
    """A segment, or a fragment below what it was cut from."""

    id: str
    kind: str
    name: str
    depth: int
    parent_id: str
    leaf: bool
    fragment: bool
    colour: str
    """"#rrggbb"."""
    owner: str
    group: str
    status: str
    code: str
    opacity: float
    volume: str
    """mL."""
    area: str
    triangles: str
    parts: int
    closed: bool
    error_p95: str
    error_max: str
    moved: str
    made: str
    made_by: str
    made_at: str


class CutRow(Row, frozen=True):
    """A plane, waiting or cut along."""

    id: str
    name: str
    target: str
    applied: bool
    author: str
    author_id: str
    colour: str
    kind: str = "cut"


class ValueRow(Row, frozen=True):
    """One figure of a measurement."""

    name: str
    text: str


class MeasureRow(Row, frozen=True):
    """A markup, or a distance of the older kind."""

    id: str
    kind: str
    """The kind of record."""
    form: str
    """The kind of markup."""
    name: str
    text: str
    values: tuple[ValueRow, ...]
    pending: bool
    problem: str
    author: str
    author_id: str
    colour: str


class NoteRow(Row, frozen=True):
    """A text pinned to the anatomy."""

    id: str
    text: str
    author: str
    author_id: str
    colour: str
    at: str
    kind: str = "note"


class MemberRow(Row, frozen=True):
    """Somebody who was let in."""

    id: str
    name: str
    role: str
    colour: str
    initials: str
    dismissed: bool


class ActivityRow(Row, frozen=True):
    """Something that somebody did."""

    revision: int
    who_id: str
    who: str
    colour: str
    summary: str
    at: str
    kind: str
    """Of the record that it was done to, if it is the last that was done to one; or empty."""
    record_id: str
    cut: bool
    """Whether something was cut by it."""


class MeaningRow(Row, frozen=True):
    """A SNOMED CT code that there is a colour for."""

    code: str
    name: str
    colour: str
