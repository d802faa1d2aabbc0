"""What to make a case of, and the case that comes back: values that cross to the import worker."""

import time

import msgspec

from sessions.plan.records import CaseSource, Segment


class EngineChoice(msgspec.Struct, frozen=True):
    """An engine and its settings, as asked for."""

    name: str
    settings: dict[str, str]
    required: bool = True
    """Whether a case without its segment makes no sense."""


class CaseRequest(msgspec.Struct, frozen=True):
    """What to make a case of."""

    paths: tuple[str, ...]
    volume_id: str | None = None
    engines: tuple[EngineChoice, ...] = ()
    """Empty: the modality's own."""
    resample: bool = False
    """Whether uneven slices may be interpolated to an even grid."""


class PrepareRequest(msgspec.Struct, frozen=True):
    """A request with all that the worker cannot know."""

    case: CaseRequest
    blobs: str
    """Folder of the blob store that takes the surfaces."""
    author: str
    now: str
    """UTC, ISO 8601."""
    archive: str | None = None
    """Data folder that keeps the volume and its files, too."""


class PreparedCase(msgspec.Struct, frozen=True):
    """A case, ready for a room; its surfaces are in the blob store."""

    source: CaseSource
    segments: tuple[Segment, ...]
    empty: tuple[str, ...]
    """Engines that found nothing and were not asked for."""
    seconds: dict[str, float]
    store_key: str = ""
    """Under which the volume is kept; empty, where it is not."""


class Stopwatch:
    """Adds up seconds by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._at = time.perf_counter()

    def lap(self, name: str) -> None:
        """Add the time since the last lap to `name`."""
        now = time.perf_counter()
        self.seconds[name] = round(self.seconds.get(name, 0.0) + now - self._at, 3)
        self._at = now
