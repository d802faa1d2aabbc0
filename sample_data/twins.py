"""Where each of two joined twins lies: one anatomical frame per twin."""

from dataclasses import dataclass
from typing import Final

from imaging.space import RigidTransform, Vector


@dataclass(frozen=True, slots=True)
class Twin:
    """One twin's own anatomical frame, whose origin is the centre of the head."""

    owner: str
    """ "A" or "B"."""
    world_from_twin: RigidTransform
    """From the twin's own left, posterior, superior, mm, to the scene's."""

    @property
    def left(self) -> Vector:
        """Unit vector towards the twin's own left."""
        return self.world_from_twin.apply_direction((1, 0, 0))

    @property
    def posterior(self) -> Vector:
        """Unit vector towards the back of the twin's own head."""
        return self.world_from_twin.apply_direction((0, 1, 0))

    @property
    def anterior(self) -> Vector:
        """Unit vector towards the twin's own face."""
        return self.world_from_twin.apply_direction((0, -1, 0))

    @property
    def superior(self) -> Vector:
        """Unit vector towards the twin's own crown."""
        return self.world_from_twin.apply_direction((0, 0, 1))

    @property
    def centre(self) -> Vector:
        """The centre of the head, mm."""
        return self.world_from_twin.translation_mm


UPSIDE_DOWN: Final = RigidTransform((0.0, 0.0, 1.0, 0.0))
"""Half a turn about y: crown to crown, both faces to the same side. In floats, cos 90° is not 0."""


def joined_at_the_crown(centre_mm: float, theta_deg: float) -> tuple[Twin, Twin]:
    """Return twins A (below, in the patient's own LPS) and B (above, upside down).

    Parameters
    ----------
    centre_mm : float
        Distance of each head's centre from the plane between them, z = 0.
    theta_deg : float
        Rotation of twin B about z. B's axes are then superior (0, 0, -1), anterior
        (sin theta, -cos theta, 0), and left = posterior x superior.
    """
    turn = RigidTransform.about_axis((0, 0, 1), theta_deg) @ UPSIDE_DOWN
    below = RigidTransform(translation_mm=(0, 0, -centre_mm))
    above = RigidTransform(turn.rotation, (0, 0, centre_mm))
    return Twin("A", below), Twin("B", above)
