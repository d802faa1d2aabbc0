"""Whose left is it? The anatomical frame of one subject in an image, which may show several.

An image has one patient coordinate system, LPS, and every coordinate in this house is in it. Twins
who are joined at the crown share the image but not their left: each has an `AnatomicalFrame`, a
rotation, to which letters, sides and a subject's own coordinates refer. No point is moved.

Where it comes from: PatientPosition (0018,5100) of the subject, an item of
GroupOfPatientsIdentificationSequence (0010,0027), against that of the series, which is nominal then
and says how the image's LPS lies in the machine (PS3.3, C.7.3.1.1.2; PS3.17, VVV.1.1.1). Such a
position is rounded to quarter turns, and meant for annotation; landmarks are exact.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal, Self

from imaging.errors import LandmarkError
from imaging.space import Vector, add, cross, dot, require_finite, scale, subtract

Basis = Literal["position", "nominal", "axes", "landmarks"]
"""How a frame is known: from PatientPosition to quarter turns; taken to be the image's own, as the
header says nothing else; from axes that were set; or from landmarks that were picked."""

Side = Literal["left", "right", "midline"]

AXES_TOLERANCE: Final = 1e-6
"""How far lengths, right angles and determinant may be from exact: float32's rounding, twice."""

MIDLINE_MM: Final = 0.5
"""How near the midline no side is told: nobody picks a point more exactly."""

LEAST_COSINE: Final = math.sin(math.radians(5))
"""From which part of a direction on its letter is named: 5 degrees off an axis is still on it."""

LEAST_SPREAD: Final = math.sin(math.radians(20))
"""How far a landmark must lie off the line or plane of the others: below, a slip of a few mm when
picking would turn the frame, or mirror it."""

LETTERS: Final = (("L", "R"), ("P", "A"), ("S", "I"))
"""Of the positive and negative end of each axis."""

_LEFT: Final = (1.0, 0.0, 0.0)
_POSTERIOR: Final = (0.0, 1.0, 0.0)
_SUPERIOR: Final = (0.0, 0.0, 1.0)

_INWARD: Final = {
    "H": _SUPERIOR,
    "F": scale(_SUPERIOR, -1),
    "L": _LEFT,
    "R": scale(_LEFT, -1),
    "A": scale(_POSTERIOR, -1),
    "P": _POSTERIOR,
}
"""What of a subject goes into the machine first."""

_DOWN: Final = {
    "S": _POSTERIOR,
    "P": scale(_POSTERIOR, -1),
    "DR": scale(_LEFT, -1),
    "DL": _LEFT,
}
"""What of a subject points down: supine, prone, decubitus right, decubitus left."""

POSITIONS: Final = (
    *("HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"),
    *("LFS", "LFP", "RFS", "RFP", "AFDR", "AFDL", "PFDR", "PFDL"),
)
"""The defined terms of PatientPosition that name a whole rotation; sitting is none of them."""


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Four points on one head, mm, LPS of the image; four, so that a mirrored head is found."""

    nasion: Vector
    """The root of the nose; any point of the face in the middle will do."""
    left_ear: Vector
    """The subject's own left ear canal."""
    right_ear: Vector
    vertex: Vector
    """The top of the head above the ears; for twins joined there, the middle of the junction."""


@dataclass(frozen=True, slots=True)
class AnatomicalFrame:
    """Where left, posterior and superior of one subject point in the image's LPS."""

    subject: str
    """Which one, for example "A"; never a name or an id."""
    left: Vector
    """Unit vector towards the subject's own left; so in the next two."""
    posterior: Vector
    superior: Vector
    basis: Basis = "axes"

    def __post_init__(self) -> None:
        """Refuse what is no rotation, above all a mirrored frame."""
        axes = (self.left, self.posterior, self.superior)
        for axis in axes:
            require_finite(axis, "an anatomical axis")
            if abs(math.hypot(*axis) - 1) > AXES_TOLERANCE:
                raise ValueError("an anatomical axis is not one long")
        for first, second in zip(axes, (*axes[1:], axes[0]), strict=True):
            if abs(dot(first, second)) > AXES_TOLERANCE:
                raise ValueError("the anatomical axes are not at right angles")
        if dot(cross(self.left, self.posterior), self.superior) < 0:
            raise ValueError("the anatomical axes are mirrored: left and right change sides")

    @classmethod
    def of_image(cls, subject: str) -> Self:
        """Return the frame of a subject who lies as the image's LPS says."""
        return cls(subject, _LEFT, _POSTERIOR, _SUPERIOR, "nominal")

    @classmethod
    def from_positions(cls, subject: str, subject_position: str, series_position: str) -> Self:
        """Return the frame of a subject whose position in the machine is known.

        Parameters
        ----------
        subject : str
            Which one.
        subject_position : str
            PatientPosition (0018,5100) of the subject's item in (0010,0027), for example "FFS".
        series_position : str
            PatientPosition of the General Series Module, that of the image's LPS.

        Raises
        ------
        ValueError
            One of them is not in `POSITIONS`.

        References
        ----------
        DICOM PS3.3, C.7.3.1.1.2; PS3.17, VVV.1.1.1 and VVV.1.1.3.
        """
        own, image = machine_axes(subject_position), machine_axes(series_position)
        left, posterior, superior = (
            _combined(image, (own[0][n], own[1][n], own[2][n])) for n in range(3)
        )
        return cls(subject, left, posterior, superior, "position")

    @classmethod
    def from_landmarks(cls, subject: str, landmarks: Landmarks) -> Self:
        """Return the frame of a head: left along the ears, superior towards the vertex.

        Raises
        ------
        LandmarkError
            The points lie in one line or plane, or belong to a mirrored head.
        ValueError
            A coordinate is no finite number.
        """
        for point in (landmarks.nasion, landmarks.left_ear, landmarks.right_ear, landmarks.vertex):
            require_finite(point, "a landmark")
        left = _unit(subtract(landmarks.left_ear, landmarks.right_ear))
        middle = scale(add(landmarks.left_ear, landmarks.right_ear), 0.5)
        up = _unit(subtract(landmarks.vertex, middle))
        superior = _unit(subtract(up, scale(left, dot(up, left))), LEAST_SPREAD)
        posterior = cross(superior, left)
        forwards = -dot(_unit(subtract(landmarks.nasion, middle)), posterior)
        if abs(forwards) < LEAST_SPREAD:
            raise LandmarkError(
                "the four landmarks lie nearly in one plane; pick ears, nasion and vertex again",
                "flat_landmarks",
            )
        if forwards < 0:
            raise LandmarkError(
                "the four landmarks are those of a mirrored head; pick them again, and check "
                "whether left and right ear were taken for each other",
                "mirrored_landmarks",
            )
        return cls(subject, left, posterior, superior, "landmarks")

    def to_subject(self, point: Vector, origin: Vector = (0.0, 0.0, 0.0)) -> Vector:
        """Return a point of the image, mm, in the subject's own LPS about `origin`."""
        offset = subtract(point, origin)
        return (dot(offset, self.left), dot(offset, self.posterior), dot(offset, self.superior))

    def to_image(self, point: Vector, origin: Vector = (0.0, 0.0, 0.0)) -> Vector:
        """Return a point of the subject's own LPS about `origin`, mm, in the image's."""
        return add(origin, _combined((self.left, self.posterior, self.superior), point))

    def side_of(self, point: Vector, origin: Vector) -> Side:
        """Return on which side of the subject a point lies, seen from `origin`, both mm."""
        leftwards_mm = self.to_subject(point, origin)[0]
        if abs(leftwards_mm) <= MIDLINE_MM:
            return "midline"
        return "left" if leftwards_mm > 0 else "right"

    def letters(self, direction: Vector) -> str:
        """Return where a direction of the image points to in the subject, the main letter first.

        Examples
        --------
        >>> AnatomicalFrame.from_positions("B", "FFS", "HFS").letters((1, 0, 0))
        'R'
        >>> AnatomicalFrame.of_image("A").letters((0.5, 0, -0.8))
        'IL'

        Raises
        ------
        ValueError
            The direction has no length.
        """
        length = math.hypot(*direction)
        if not 0 < length < math.inf:
            raise ValueError("the direction has no length")
        parts = self.to_subject(scale(direction, 1 / length))
        main_first = sorted(range(3), key=lambda axis: -abs(parts[axis]))
        named = [axis for axis in main_first if abs(parts[axis]) > LEAST_COSINE]
        return "".join(LETTERS[axis][parts[axis] < 0] for axis in named)


def machine_axes(position: str) -> tuple[Vector, Vector, Vector]:
    """Return right, down and inwards of the machine in the LPS of one who lies in `position`.

    Right and inwards are those of somebody who faces the front of the machine.

    Raises
    ------
    ValueError
        It is not in `POSITIONS`.
    """
    if position not in POSITIONS:
        raise ValueError("PatientPosition is none of the known terms")
    inward, down = _INWARD[position[0]], _DOWN[position[2:]]
    return cross(down, inward), down, inward


def _combined(axes: tuple[Vector, Vector, Vector], parts: Vector) -> Vector:
    """Return the sum of the axes, each times its part."""
    first, second, third = (scale(axis, part) for axis, part in zip(axes, parts, strict=True))
    return add(add(first, second), third)


def _unit(vector: Vector, least: float = 0.0) -> Vector:
    """Return the vector, one long, or refuse landmarks that do not tell its direction."""
    length = math.hypot(*vector)
    if not max(least, AXES_TOLERANCE) < length < math.inf:
        raise LandmarkError(
            "two landmarks coincide, or three lie nearly in one line; pick them again",
            "flat_landmarks",
        )
    return scale(vector, 1 / length)
