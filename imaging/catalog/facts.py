"""What the catalogue keeps of a volume in memory."""

from imaging.catalog.records import VolumeFacts
from imaging.volume import Volume


def facts_of(volume: Volume, store_key: str) -> VolumeFacts:
    """Return the facts of a volume that the store keeps under a key; no voxel is looked at."""
    geometry = volume.geometry
    return VolumeFacts(
        volume_id=volume.volume_id,
        store_key=store_key,
        modality=volume.modality,
        description=volume.description,
        shape_kji=geometry.shape_kji,
        spacing_mm=geometry.spacing,
        affine_lps=tuple(tuple(row) for row in geometry.affine_lps.tolist()),
        frame_of_reference_uid=volume.frame_of_reference_uid,
        hu=volume.hu,
        warnings=volume.warnings,
        acquired_on=volume.acquired_on,
    )
