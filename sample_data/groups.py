"""Several subjects in one series: the patient group attributes of joined twins.

Meant for small animals that share a scanner (PS3.3, C.7.1.4.1.1), and the only place that the
standard has for two patients in one image. PatientID is the group's then, and PatientPosition of
the series nominal: it says how the image's LPS, which is twin A's, lies in the machine.
"""

from itertools import pairwise
from typing import Final

from pydicom.dataset import Dataset

from imaging.space import RigidTransform, Vector, cross, dot
from sample_data.acquisition import PatientPosition
from sample_data.grids import TABLE_AXES
from sample_data.scene import Scene

SAME_ROW_MM: Final = 30.0
"""Along an axis of the machine: heads whose centres are nearer than half a head lie abreast."""

SCORE_DIGITS: Final = 9
"""Of a comparison: at 45° between two positions rounding must not choose."""


def subject_items(scene: Scene, patient_position: PatientPosition) -> list[Dataset]:
    """Return the items of GroupOfPatientsIdentificationSequence (0010,0027); none for one patient.

    Parameters
    ----------
    scene : Scene
        Where it lies in the patient's LPS.
    patient_position : str
        How somebody lies in the machine whose LPS is the image's.
    """
    places = [scene.world_from_scene @ twin.world_from_twin for twin in scene.subjects]
    ordinals = zip(
        *(
            ordinals_along([dot(place.translation_mm, axis) for place in places])
            for axis in _machine(patient_position)
        ),
        strict=True,
    )
    items = []
    for twin, place, ordinal in zip(scene.subjects, places, ordinals, strict=True):
        item = Dataset()
        item.PatientID = f"{scene.patient_id}-{twin.owner}"
        item.SubjectRelativePositionInImage = list(ordinal)
        item.PatientPosition = position_of(place, patient_position)
        items.append(item)
    return items


def position_of(place: RigidTransform, patient_position: PatientPosition) -> PatientPosition:
    """Return the position of a subject to the next quarter turn, as a technologist would enter it.

    Parameters
    ----------
    place : RigidTransform
        From the subject's own LPS to the image's.
    patient_position : str
        Of the series.
    """
    down, inward = (place.inverse().apply_direction(axis) for axis in TABLE_AXES[patient_position])

    def likeness(position: PatientPosition) -> float:
        its_down, its_inward = TABLE_AXES[position]
        return round(dot(down, its_down) + dot(inward, its_inward), SCORE_DIGITS)

    return max(TABLE_AXES, key=likeness)


def ordinals_along(places_mm: list[float]) -> list[int]:
    """Return who is first, second and so on along an axis; who is abreast has the same number.

    Examples
    --------
    >>> ordinals_along([54.0, -54.0, 60.0])
    [2, 1, 2]
    """
    in_order = sorted(places_mm)
    steps = [later - earlier > SAME_ROW_MM for earlier, later in pairwise(in_order)]
    number = {place: 1 + sum(steps[:n]) for n, place in enumerate(in_order)}
    return [number[place] for place in places_mm]


def _machine(patient_position: PatientPosition) -> tuple[Vector, Vector, Vector]:
    """Return right, down and inwards of the machine, seen from its front, in the image's LPS.

    References
    ----------
    DICOM PS3.3, C.7.1.4.1.1.1, Subject Relative Position in Image.
    """
    down, inward = TABLE_AXES[patient_position]
    return cross(down, inward), down, inward
