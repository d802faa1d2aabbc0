"""A scene: layers of known shape and grey value, and what is true of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from imaging.space import Plane, RigidTransform, Vector
from sample_data.shapes import Bounds, Shape
from sample_data.twins import Twin

AIR_HU = -1000
"""By definition of the Hounsfield scale."""

UNMOVED = RigidTransform()

MR_FROM_CT = RigidTransform.about_axis((2.0, -3.0, 6.0), 7.5) @ RigidTransform(
    translation_mm=(4.2, -6.8, 9.1)
)
"""How a copy for registration is moved: as far as a patient who was laid down a second time."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One structure: where it is and how it looks. A later layer covers an earlier one."""

    name: str
    shape: Shape
    hu: float
    """Grey value in a CT, Hounsfield units."""
    mr: float
    """Grey value in an MR, arbitrary units; air has 0."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A phantom: what is where, and the right answers about it."""

    name: str
    """The word that names it on the command line."""
    summary: str
    """One line for people."""
    body_part: str
    """DICOM BodyPartExamined."""
    patient_id: str
    """DICOM PatientID of the patient that there is not."""
    layers: tuple[Layer, ...]
    truths: Mapping[str, float]
    """The right answers; each name ends in its unit."""
    points: Mapping[str, Vector] = field(default_factory=dict)
    """Landmarks, in the scene's own frame, mm."""
    planes: Mapping[str, Plane] = field(default_factory=dict)
    """Planes that the truths speak of, in the scene's own frame."""
    parameters: Mapping[str, str | float] = field(default_factory=dict)
    """What was chosen when the scene was built."""
    subjects: tuple[Twin, ...] = ()
    """Who is in it, in the scene's own frame; empty, where it is one patient or a thing."""
    world_from_scene: RigidTransform = UNMOVED
    """Where the scene lies in the patient's LPS: moved only in a copy for registration."""

    @property
    def key(self) -> str:
        """One string that tells this scene, its parameters and its place from all others."""
        chosen = " ".join(f"{name}={value}" for name, value in sorted(self.parameters.items()))
        return f"{self.name} {chosen} {self.world_from_scene}"

    @property
    def bounds(self) -> Bounds:
        """An upright box around all layers in the scene's own frame, mm."""
        corners = np.array([layer.shape.bounds for layer in self.layers])
        low, high = corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)
        return (low[0], low[1], low[2]), (high[0], high[1], high[2])

    def world_point(self, name: str) -> Vector:
        """Return a landmark in the patient's LPS, mm, or raise `KeyError`."""
        return self.world_from_scene.apply(self.points[name])

    def moved(self, motion: RigidTransform) -> "Scene":
        """Return a copy that lies elsewhere in the patient's LPS."""
        return replace(self, world_from_scene=motion @ self.world_from_scene)

    def layer(self, name: str) -> Layer:
        """Return the layer of that name, or raise `KeyError`."""
        return next(layer for layer in self.layers if layer.name == name)
