"""A room's log without whoever is named in it, with the words of our own engines kept."""

import secrets
from collections.abc import Sequence

from segmentation.engines.table import ENGINES
from sessions.deidentifying import deidentified
from sessions.plan.disguising import Vocabulary
from sessions.plan.events import Entry


def without_names(entries: Sequence[Entry], *, keep_texts: bool = False) -> tuple[Entry, ...]:
    """Return a log to be given away; see `sessions.deidentifying`."""
    structures = [engine.structure for engine in ENGINES.values()]
    vocabulary = Vocabulary(
        engines=frozenset(ENGINES),
        names=frozenset(it.name for it in structures),
        codes=frozenset(it.code for it in structures),
    )
    secret = secrets.token_hex(16)
    return deidentified(entries, secret, vocabulary=vocabulary, keep_texts=keep_texts)
