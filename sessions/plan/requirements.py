"""What every record must satisfy before it may enter a plan."""

import re
import unicodedata
from collections.abc import Sized
from typing import Final

from imaging.space import Vector, require_finite
from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import applied_cuts, is_within_bounds, member_name, solid_of
from sessions.plan.records import (
    Anchor,
    Fragment,
    MemberId,
    Plan,
    Role,
    Segment,
    SolidId,
    SurfaceRef,
)

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Ids come from browsers and end up in file names and links."""

SHA256_PATTERN: Final = re.compile(r"[0-9a-f]{64}")
COLOUR_PATTERN: Final = re.compile(r"#[0-9a-f]{6}")

MAX_NOTE_CHARACTERS: Final = 2000
MAX_NAME_CHARACTERS: Final = 200

MAX_CLIP_PLANES: Final = 6
"""As many as a graphics card is sure to know."""

MAX_RECORDS: Final = 5000
"""Of each kind; a page that drew more would stand still."""

POINT_MARGIN_MM: Final = 50.0
"""A click may miss the surface that the server knows, for it sees a simplified one; not by more."""

BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a text read other than it is written."""


def require_id(value: str, what: str) -> None:
    """Refuse an id that is empty, too long, or holds other characters than the pattern's."""
    if not ID_PATTERN.fullmatch(value):
        raise RejectedCommandError(
            f"the id of the {what} must be 1 to 64 letters, digits, hyphens or underscores"
        )


def require_room_for_one(records: Sized, what: str) -> None:
    """Refuse one more record where there are too many."""
    if len(records) >= MAX_RECORDS:
        raise RejectedCommandError(f"the plan holds {MAX_RECORDS} {what}; remove some first")


def require_text(text: str, what: str, longest: int, allowed_controls: str = "") -> None:
    """Refuse a text that is blank, too long, or holds control characters."""
    if not 1 <= len(text) <= longest or not text.strip():
        raise RejectedCommandError(f"the {what} must have 1 to {longest} characters")
    if any(_is_control(letter) for letter in text if letter not in allowed_controls):
        raise RejectedCommandError(f"the {what} holds a control character; leave it out")


def require_note_text(text: str) -> None:
    """Refuse what is no text of a note; line breaks are fine."""
    require_text(text, "note", MAX_NOTE_CHARACTERS, allowed_controls="\n")


def require_solid(plan: Plan, solid_id: SolidId) -> Segment | Fragment:
    """Return the solid of that id, or refuse."""
    solid = solid_of(plan, solid_id)
    if solid is None:
        raise RejectedCommandError(
            "there is no such segment or fragment in this plan; it may have been taken back"
        )
    return solid


def require_leaf(plan: Plan, solid_id: SolidId) -> Segment | Fragment:
    """Return the solid of that id, or refuse; also when it was cut into fragments."""
    solid = require_solid(plan, solid_id)
    cut = applied_cuts(plan).get(solid_id)
    if cut is not None:
        author = member_name(plan, cut.author_id)
        raise RejectedCommandError(
            f"{solid.name} was cut along {author}'s {cut.name}; use its fragments"
        )
    return solid


def require_anchor(plan: Plan, anchor: Anchor) -> None:
    """Refuse a point that is not on, or close to, a solid of the plan."""
    solid = require_solid(plan, anchor.solid_id)
    require_numbers(anchor.point_mm, "point")
    if not is_within_bounds(solid, anchor.point_mm, POINT_MARGIN_MM):
        raise RejectedCommandError(
            f"the point lies more than {POINT_MARGIN_MM:.0f} mm outside {solid.name}; "
            "click on the anatomy"
        )


def require_own(plan: Plan, author_id: MemberId, by: MemberId, what: str) -> None:
    """Refuse unless `by` made the record, or owns the room."""
    member = plan.members.get(by)
    if by != author_id and (member is None or member.role is not Role.OWNER):
        author = member_name(plan, author_id)
        raise RejectedCommandError(f"the {what} is {author}'s; ask {author} or the room's owner")


def require_numbers(values: Vector | tuple[float, ...], what: str) -> None:
    """Refuse values that are no finite numbers."""
    try:
        require_finite(tuple(values), f"the {what}")
    except ValueError as error:
        raise RejectedCommandError(str(error)) from error


def require_surface(surface: SurfaceRef) -> None:
    """Refuse a surface whose hash is none: it names a file."""
    if not SHA256_PATTERN.fullmatch(surface.sha256):
        raise RejectedCommandError("the surface's hash must be 64 hexadecimal digits")
    require_numbers(surface.bounds_mm, "surface's bounds")


def require_colour(colour: str) -> None:
    """Refuse what is no "#rrggbb": it becomes part of a style."""
    if not COLOUR_PATTERN.fullmatch(colour):
        raise RejectedCommandError("the colour must be written as #rrggbb")


def _is_control(letter: str) -> bool:
    """Say whether a character is a control, a lone surrogate or turns the direction of text."""
    return unicodedata.category(letter) in {"Cc", "Cs"} or letter in BIDI_OVERRIDES
