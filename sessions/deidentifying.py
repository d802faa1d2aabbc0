"""A room's log without whoever is named in it, to be given away: a log and a chain of its own.

What was done, in which order, by how many and in which roles stays, and so do all positions and
surfaces. A surface is not looked into: that of a skin shows a face.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from sessions.plan.codec import seal
from sessions.plan.content import content_hash
from sessions.plan.disguising import UNKNOWN_HASH, Disguise, Vocabulary
from sessions.plan.events import Entry, MemberAdmitted, PlanEvent, VersionSaved, VersionSigned
from sessions.plan.records import VersionId
from sessions.state import State, Step, advance

NO_WORDS: Final = Vocabulary()


def deidentified(
    entries: Sequence[Entry],
    secret: str,
    *,
    vocabulary: Vocabulary = NO_WORDS,
    keep_texts: bool = False,
) -> tuple[Entry, ...]:
    """Return a log that names nobody, and that adds up to the same plan otherwise.

    Parameters
    ----------
    secret : str
        Random, and used once; the codes of images follow from it.
    vocabulary : Vocabulary
        Words that may stay, for no person chose them.
    keep_texts : bool
        Keep what members wrote, which may name people; ids, members' names and times go anyway.
    """
    began_at = entries[0].at if entries else ""
    disguise = Disguise(began_at, secret, vocabulary=vocabulary, keep_texts=keep_texts)
    for member_id in _admitted(entries):
        disguise.member_id(member_id)  # so that they are numbered in this order
    signed = _signed_content(entries)
    state = State()
    remade = []
    for entry in entries:
        step = _remade(state, disguise.of(entry), _kept_hashes(signed, entry))
        state = step.state
        remade.append(step.entry)
    return tuple(remade)


def _admitted(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        for event in entry.events:
            if isinstance(event, MemberAdmitted):
                yield event.member.member_id


def _signed_content(entries: Iterable[Entry]) -> dict[VersionId, str]:
    """Return the hash of each version as it was saved."""
    return {
        event.version.version_id: event.version.content_hash
        for entry in entries
        for event in entry.events
        if isinstance(event, VersionSaved)
    }


def _kept_hashes(signed: dict[VersionId, str], entry: Entry) -> tuple[bool, ...]:
    """Say of each event whether it is a signature of its version as that was saved."""
    return tuple(
        isinstance(event, VersionSigned)
        and signed.get(event.version_id) == event.signature.content_hash
        for event in entry.events
    )


def _remade(state: State, entry: Entry, holds: tuple[bool, ...]) -> Step:
    """Return the next entry, sealed, with the hashes of what its versions hold now."""
    entry = replace(entry, revision=state.revision + 1, previous_hash=state.head_hash, hash="")
    if not any(isinstance(event, VersionSaved | VersionSigned) for event in entry.events):
        return advance(state, seal(entry))
    # What a version holds is known once it was saved, whatever hash it was saved with.
    tried = advance(state, seal(entry)).state
    events = tuple(
        _hashed(event, tried, hold) for event, hold in zip(entry.events, holds, strict=True)
    )
    return advance(state, seal(replace(entry, events=events)))


def _hashed(event: PlanEvent, state: State, holds: bool) -> PlanEvent:  # noqa: FBT001 (a fact)
    match event:
        case VersionSaved(version=version):
            found = content_hash(state.version(version.version_id).plan)
            return replace(event, version=replace(version, content_hash=found))
        case VersionSigned(version_id=version_id, signature=signature) if holds:
            kept = state.kept.get(version_id)
            found = content_hash(kept.plan) if kept else UNKNOWN_HASH
            return replace(event, signature=replace(signature, content_hash=found))
        case _:
            return event
