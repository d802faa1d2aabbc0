"""What a registration says: how one frame of reference lies in another, and how far to trust it."""

import math
from dataclasses import dataclass, field

import msgspec

from imaging.errors import RefusedFileError
from imaging.space import RigidTransform


@dataclass(frozen=True, slots=True)
class ErrorEstimate:
    """How far repeated registrations of the same two volumes lie apart.

    It holds what chance, noise and the start do to the answer. It does not hold what all
    repetitions share: a patient who moved while being scanned, a distorted MR, a wrong spacing.
    """

    p50_mm: float
    """Median over the corners of the anatomy and over the repetitions."""
    max_mm: float
    """The farthest corner of the repetition that differs most."""
    repetitions: int
    """How many there were besides the answer itself; 0: landmarks alone."""

    def __post_init__(self) -> None:
        """Refuse what is no length."""
        if not 0 <= self.p50_mm <= self.max_mm or not math.isfinite(self.max_mm):
            raise ValueError("the error of a registration is a length, its median at most its most")


@dataclass(frozen=True, slots=True)
class RigidRegistration:
    """How a moving volume's frame of reference lies in a fixed one's."""

    fixed_frame_uid: str
    """FrameOfReferenceUID; empty where the source states none."""
    moving_frame_uid: str
    fixed_from_moving: RigidTransform
    method: str
    """"mutual_information" or "landmarks"."""
    start: str
    """What it started from: "identity", "geometry", "moments", "landmarks" or "given"."""
    error: ErrorEstimate
    mutual_information: float = 0.0
    """Of the two volumes as registered, nats; 0 where landmarks alone were used."""
    similarity: float = 0.0
    """The same as a share of what the values could tell of each other: 0 nothing, 1 everything."""
    overlap: float = 0.0
    """Share of the smaller body that lies in the other volume."""
    fre_mm: float | None = None
    """Root mean square distance of the landmark pairs, where there were some, after the fit."""
    parameters: dict[str, float] = field(default_factory=dict)
    software: dict[str, str] = field(default_factory=dict)


def to_json(registration: RigidRegistration) -> bytes:
    """Return the registration as one JSON document."""
    return msgspec.json.format(msgspec.json.encode(registration), indent=1)


def from_json(document: bytes) -> RigidRegistration:
    """Return the registration that `to_json` wrote.

    Raises
    ------
    RefusedFileError
        The document is something else.
    """
    try:
        return msgspec.json.decode(document, type=RigidRegistration)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RefusedFileError(
            "the file holds no registration; make one with `commissure register`",
            "bad_registration",
        ) from error
