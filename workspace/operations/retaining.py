"""What the rules of retention lead to: a list first, then each thing on it, noted and counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sessions.errors import RoomError
from workspace.operations.deleted_rooms import deleted_proposals
from workspace.operations.expired_access import access_proposals
from workspace.operations.old_rooms import room_proposals
from workspace.operations.old_uploads import upload_proposals
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.operations.sealed_audit import audit_proposals
from workspace.operations.unnamed_surfaces import surface_proposals

Sink = Callable[[Proposal], None]
"""Is told before a thing is done; what it cannot note is not done."""

Source = Callable[[Path, RetentionRules, datetime], Iterator[Proposal]]

SOURCES: Final[tuple[Source, ...]] = (
    room_proposals,
    deleted_proposals,
    upload_proposals,
    access_proposals,
    audit_proposals,
    surface_proposals,
)
"""Surfaces last: a room that was just archived may have been the last to name some."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a proposal."""

    proposal: Proposal
    hindrance: str = ""
    """Why it was not done."""


def proposals(data: Path, rules: RetentionRules, now: datetime) -> tuple[Proposal, ...]:
    """Return all that the rules lead to now; nothing is changed.

    Raises
    ------
    SessionError, WorkspaceError
        The data folder cannot be read.
    """
    return tuple(it for source in SOURCES for it in source(data, rules, now))


def carry_out(listed: Sequence[Proposal], note: Sink) -> tuple[Done, ...]:
    """Do what is listed; one that cannot be done now, such as an open room, hinders no other."""
    done = []
    for proposal in listed:
        try:
            with proposal.ready():
                note(proposal)
                proposal.do()
        except RoomError as error:
            done.append(Done(proposal, str(error)))
        else:
            done.append(Done(proposal))
    return tuple(done)
