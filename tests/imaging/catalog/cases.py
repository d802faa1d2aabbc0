"""People that there are not, and volumes of them."""

from dataclasses import replace
from typing import Final

from imaging.catalog.records import VolumeFacts
from imaging.identity import GroupMember, Patient, SourceIdentity

NOW: Final = "2024-05-06T07:08:09Z"
LATER: Final = "2024-05-06T07:08:10Z"

JOAO: Final = SourceIdentity(
    patient=Patient("12-345", "Rio", "Silva^João", "1990-02-03", "M"),
    study_uid="1.2.3",
    study_id="S77",
    study_date="2022-06-01",
    study_description="CT angiography",
    accession_number="ACC-0042",
    series_uid="1.2.3.1",
    series_number="2",
    series_date="2022-06-02",
    series_description="Thin bone",
    modality="CT",
    body_part="HEAD",
    manufacturer="Maker",
    patient_position="HFS",
)

TWINS: Final = replace(
    JOAO,
    patient=Patient("GROUP-1", "Rio", "Twins^Two", "2018-01-01", ""),
    group=(
        GroupMember("TWIN-1", "Rio", "1\\1\\1", "HFS"),
        GroupMember("TWIN-2", "Rio", "1\\1\\2", "FFS"),
    ),
    study_uid="1.2.4",
    series_uid="1.2.4.1",
    study_description="CT of both",
)

SPACE: Final = "1.2.9"
"""FrameOfReferenceUID."""


def facts(volume_id: str = "v1", modality: str = "CT", space: str = SPACE) -> VolumeFacts:
    """Return the facts of a volume of 30 slices."""
    return VolumeFacts(
        volume_id=volume_id,
        store_key=f"store-{volume_id}",
        modality=modality,
        description="Thin bone",
        shape_kji=(30, 20, 10),
        spacing_mm=(0.5, 0.5, 1.25),
        affine_lps=((0.5, 0, 0, -7), (0, 0.5, 0, 8.5), (0, 0, 1.25, 9), (0, 0, 0, 1)),
        frame_of_reference_uid=space,
        hu=modality == "CT",
        warnings=(("placement", "a voxel lies 0.04 mm beside its place"),),
        acquired_on="2022-06-01",
    )
