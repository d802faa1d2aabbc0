"""Ids, names, texts and times of a log replaced by such as say nothing of anybody.

Every text that an entry can hold has a rule here, by the name of its field: one without is a fault,
and a test goes through all of them. Numbers, planes, transforms and surfaces stay as they are.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec.structs import fields, replace

from sessions.plan.casework import SYSTEM
from sessions.plan.events import CaseOpened, Renamed, SegmentEdited
from sessions.plan.naming import MARKUP_WORDS
from sessions.plan.records import (
    MAIN,
    CaseSource,
    Cut,
    Fragment,
    Markup,
    Measurement,
    Member,
    Provenance,
    RecordRef,
    Segment,
    Signature,
)

TITLE: Final = "De-identified case"
SOMEBODY: Final = "somebody"
FIRST_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
UNKNOWN_HASH: Final = "0" * 64

_WORDS: Final = "|".join(("Cut", "Distance", *MARKUP_WORDS.values()))
_GIVEN_NAME: Final = re.compile(rf"(?:{_WORDS}) [0-9]{{1,4}}")
"""As the room gives them, see `sessions.plan.naming`."""
_PIECE: Final = re.compile(r"(.*?)((?: [12])*)", re.DOTALL)
"""What a fragment was cut from, and which piece of which piece it is."""
_MODALITY: Final = frozenset({"CT", "MR", "PT", "NM", "US", "XA", "CR", "DX", "OT"})
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_VERSION: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}")


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Words that no person chose, so that they may stay."""

    engines: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Of segments, as the engines name them."""
    codes: frozenset[str] = frozenset()
    """SNOMED CT concept ids, as the engines give them."""


def removed(text: str) -> str:
    """Return what stands in place of a text.

    Examples
    --------
    >>> removed("mind the sinus")
    'text removed (14 characters)'
    """
    if not text:
        return ""
    return f"text removed ({len(text)} character{'' if len(text) == 1 else 's'})"


class Disguise:
    """Replaces what names somebody; the same by the same, wherever it stands.

    Parameters
    ----------
    began_at : str
        The moment that becomes the first one of 2000; all others keep their distance from it.
    secret : str
        Makes the codes of images differ from those of any other export.
    """

    def __init__(
        self,
        began_at: str,
        secret: str,
        *,
        vocabulary: Vocabulary,
        keep_texts: bool,
    ) -> None:
        began = _moment(began_at)
        self._shift = None if began is None else FIRST_MOMENT - began
        self._secret = secret
        self._vocabulary = vocabulary
        self._keep_texts = keep_texts
        self._codes: dict[str, dict[str, int]] = {}

    def of(self, value: Any) -> Any:  # noqa: ANN401 (whatever an entry holds)
        """Return a value of an entry, disguised throughout."""
        if isinstance(value, msgspec.Struct):
            special = SPECIAL.get(type(value))
            return special(self, value) if special else self._by_rules(value)
        if isinstance(value, tuple):
            return tuple(self.of(it) for it in value)
        return value

    def code(self, kind: str, known: str) -> str:
        """Return the code of an id."""
        return f"{kind}-{self._number(kind, known)}"

    def member_id(self, known: str) -> str:
        """Return the code of a member; the server itself stays."""
        return known if known == SYSTEM else self.code("member", known)

    def branch_id(self, known: str) -> str:
        """Return the code of a branch; the main one stays."""
        return known if known == MAIN else self.code("branch", known)

    def solid_id(self, known: str) -> str:
        """Return the code of a segment, or that of a fragment: its cut's, and its side."""
        if known[-1:] in {"+", "-"}:
            return self.code("cut", known[:-1]) + known[-1]
        return self.code("segment", known)

    def solid_id_or_none(self, known: str) -> str:
        """Return the code of a solid; where none carries a point, none."""
        return self.solid_id(known) if known else ""

    def text(self, known: str) -> str:
        """Return a free text, or what stands in its place."""
        return known if self._keep_texts else removed(known)

    def given_name(self, known: str) -> str:
        """Return the name of a cut, a measurement or a markup: one that the room gave stays."""
        return known if _GIVEN_NAME.fullmatch(known) else self.text(known)

    def segment_name(self, known: str) -> str:
        """Return the name of a segment: one that an engine gave stays."""
        return known if known in self._vocabulary.names else self.text(known)

    def concept(self, known: str) -> str:
        """Return the code of a structure, if an engine gives it."""
        return known if known in self._vocabulary.codes else ""

    def fragment_name(self, known: str) -> str:
        """Return the name of a fragment, which begins with that of its segment."""
        found = _PIECE.fullmatch(known)
        base, pieces = found.groups() if found else (known, "")
        return self.segment_name(base) + pieces if base else self.text(known)

    def time(self, known: str) -> str:
        """Return a moment as far from the first one as it was; what is none is left out."""
        moment = _moment(known)
        if moment is None or self._shift is None:
            return ""
        try:
            shifted = moment + self._shift
        except OverflowError:
            return ""
        return f"{shifted.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"

    def _number(self, kind: str, known: str) -> int:
        known_ones = self._codes.setdefault(kind, {})
        return known_ones.setdefault(known, len(known_ones) + 1)

    def _by_rules(self, value: msgspec.Struct) -> Any:  # noqa: ANN401 (of the same type)
        news = {it.name: self._field(value, it.name) for it in fields(value)}
        return replace(value, **news)

    def _field(self, record: msgspec.Struct, name: str) -> Any:  # noqa: ANN401 (of any type)
        value = getattr(record, name)
        if isinstance(value, str) and not isinstance(value, Enum):
            return _rule(type(record), name)(self, value)
        if isinstance(value, tuple) and value and isinstance(value[0], str):
            return tuple(_rule(type(record), name)(self, it) for it in value)
        return self.of(value)

    def named_member(self, value: Member | Signature) -> Any:  # noqa: ANN401 (of the same type)
        """Return a member, or a signature, under the number of its member."""
        number = self._number("member", value.member_id)
        return replace(self._by_rules(value), name=f"Member {number}")

    def reference(self, ref: RecordRef) -> RecordRef:
        """Return a reference to the same record."""
        solid = ref.kind in {"segment", "fragment"}
        known = ref.record_id
        return replace(ref, record_id=self.solid_id(known) if solid else self.code(ref.kind, known))

    def renamed(self, event: Renamed) -> Renamed:
        """Return the event with names as the record has them."""
        name = self.fragment_name if event.ref.kind == "fragment" else self.given_name
        before, after = name(event.before), name(event.after)
        return replace(event, ref=self.reference(event.ref), before=before, after=after)

    def segment_edited(self, event: SegmentEdited) -> SegmentEdited:
        """Return the event; colours, opacities, owners and states are no names."""
        segment_id = self.solid_id(event.segment_id)
        rule = SEGMENT_WORDS.get(event.field)
        if rule is None:
            return replace(event, segment_id=segment_id)
        before, after = (rule(self, str(it)) for it in (event.before, event.after))
        return replace(event, segment_id=segment_id, before=before, after=after)

    def case(self, event: CaseOpened) -> CaseOpened:
        """Return the case under a title that every de-identified one has."""
        return CaseOpened(title=TITLE, source=self.source(event.source))

    def source(self, source: CaseSource) -> CaseSource:
        """Return what the anatomy was made from: how, but not of whom or when."""
        frame = self._number("frame", source.frame_of_reference_uid)
        digits = hashlib.sha256(f"{self._secret}:{frame}".encode()).hexdigest()[:32]
        return replace(
            source,
            volume_id=self.code("volume", source.volume_id),
            modality=source.modality if source.modality in _MODALITY else "OT",
            description="",
            acquired_on="",
            frame_of_reference_uid=f"2.25.{int(digits, 16)}",
            warnings=tuple(
                (code if _CODE.fullmatch(code) else "other", "") for code, _ in source.warnings
            ),
        )

    def provenance(self, made: Provenance) -> Provenance:
        """Return how a segment was made, as far as an engine of ours says so in numbers."""
        if made.engine not in self._vocabulary.engines:
            made = replace(made, engine="other", version="", parameters={})
        settings = {
            key: value
            for key, value in made.parameters.items()
            if _CODE.fullmatch(key) and not isinstance(value, str)
        }
        version = made.version if _VERSION.fullmatch(made.version) else ""
        news = {"version": version, "parameters": settings, "author": SOMEBODY, "created_at": ""}
        return replace(made, **news)


Rule = Callable[[Disguise, str], str]


def _kept(_: Disguise, known: str) -> str:
    """Return a word of a short list, or a hash of a surface."""
    return known


def _unknown_hash(_: Disguise, _known: str) -> str:
    """Return what stands for a hash until it is known."""
    return UNKNOWN_HASH


def _coded(kind: str) -> Rule:
    return lambda disguise, known: disguise.code(kind, known)


SPECIAL: Final[Mapping[type, Callable[[Disguise, Any], Any]]] = {
    Member: Disguise.named_member,
    Signature: Disguise.named_member,
    RecordRef: Disguise.reference,
    Renamed: Disguise.renamed,
    SegmentEdited: Disguise.segment_edited,
    CaseOpened: Disguise.case,
    CaseSource: Disguise.source,
    Provenance: Disguise.provenance,
}
"""Where a field alone does not say what to do."""

SEGMENT_WORDS: Final[Mapping[str, Rule]] = {
    "name": Disguise.segment_name,
    "code": Disguise.concept,
    "group": Disguise.text,
}
"""Properties of a segment that are words of somebody's."""

RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(("operation_id", "undoes", "redoes"), _coded("operation")),
    **dict.fromkeys(
        ("member_id", "author_id", "mentions", "resolved_by", "confirmed_by", "by"),
        Disguise.member_id,
    ),
    **dict.fromkeys(
        ("segment_id", "fragment_id", "solid_id", "solid_ids", "parent_id", "target_id"),
        Disguise.solid_id_or_none,
    ),
    **dict.fromkeys(("version_id", "from_version_id", "by_version_id"), _coded("version")),
    **{
        f"{kind}_id": _coded(kind)
        for kind in (
            *("cut", "note", "measurement", "markup"),
            *("thread", "comment", "message", "imaging"),
        )
    },
    "branch_id": Disguise.branch_id,
    **dict.fromkeys(("at", "created_at", "edited_at", "received_at"), Disguise.time),
    **dict.fromkeys(
        ("text", "description", "reason", "before", "after", "group", "problem"), Disguise.text
    ),
    **dict.fromkeys(("content_hash", "hash", "previous_hash"), _unknown_hash),
    "code": Disguise.concept,
    **dict.fromkeys(
        ("side", "owner", "colour", "sha256", "kind", "unit", "status", "subject", "basis"), _kept
    ),
}
"""By the name of a field."""

_NAMES: Final[Mapping[type, Rule]] = {
    Cut: Disguise.given_name,
    Measurement: Disguise.given_name,
    Markup: Disguise.given_name,
    Fragment: Disguise.fragment_name,
    Segment: Disguise.segment_name,
}
"""By the type whose name it is; of all others a name is free text."""


def _rule(record: type, name: str) -> Rule:
    return _NAMES.get(record, Disguise.text) if name == "name" else RULES[name]


def _moment(text: str) -> datetime | None:
    """Return a moment, UTC, or None where the text is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
