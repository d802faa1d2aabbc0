"""What a branch of its own holds: what a version keeps, what a signature is for."""

from typing import Any, Final

from msgspec.structs import replace

from sessions.plan.codec import canonical, sha256, written_fields
from sessions.plan.records import Branch, Plan
from sessions.plan.references import as_agreed

CONTENT_FIELDS: Final = (
    *("source", "segments", "fragments", "cuts", "notes", "measurements"),
    "markups",
)
"""Everything that a surgeon agrees to. Locks and talk are about it, not part of it."""

BRANCH_FIELDS: Final = (
    "segments",
    "fragments",
    "cuts",
    "notes",
    "measurements",
    "markups",
    "locks",
    "branch_id",
    "base_version_id",
    "edited",
)
"""What differs from branch to branch; everything else is the room's."""

FIELDS_BEFORE_BRANCHES: Final = (
    "title",
    "source",
    "segments",
    "fragments",
    "cuts",
    "notes",
    "measurements",
    "members",
)
"""Of a plan as the first archives have hashed it."""


def content_hash(plan: Plan) -> str:
    """Return the SHA-256 of what a version of this branch would hold.

    What was computed of markups follows from it, some time later, and plays no part.
    """
    agreed = {key: as_agreed(markup) for key, markup in plan.markups.items()}
    return hash_of_fields(replace(plan, markups=agreed), CONTENT_FIELDS)


def hash_of_fields(plan: Plan, names: tuple[str, ...]) -> str:
    """Return the SHA-256 of the canonical JSON of some fields of a plan."""
    fields = written_fields(plan)
    return sha256(canonical({name: fields[name] for name in names if name in fields}))


def content_of(plan: Plan) -> Plan:
    """Return what a version keeps of a branch, and nothing that is the room's."""
    fields: dict[str, Any] = {name: getattr(plan, name) for name in CONTENT_FIELDS}
    return Plan(**fields, branch_id=plan.branch_id)


def begun_at(room: Plan, content: Plan, branch: Branch) -> Plan:
    """Return a branch that begins with a version's content and shares the rest with the room.

    Segments that came in since the version was saved are there too: every branch has them all.
    """
    fields: dict[str, Any] = {name: getattr(content, name) for name in BRANCH_FIELDS}
    newer = {key: it for key, it in room.segments.items() if key not in content.segments}
    own = {
        "segments": {**content.segments, **newer},
        "locks": {},
        "branch_id": branch.branch_id,
        "base_version_id": branch.from_version_id,
        "edited": bool(newer),
    }
    return replace(room, **{**fields, **own})
