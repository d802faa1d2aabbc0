"""A volume laid on another's grid."""

import dataclasses

import numpy as np
import pytest

from imaging.errors import UnregisteredFramesError
from imaging.registration.picture import draw_registration
from imaging.registration.registration import ErrorEstimate, RigidRegistration
from imaging.registration.resampling import resample_onto
from imaging.space import RigidTransform
from imaging.volume import Volume
from tests.imaging.registration.scans import moved, sheared_ct

MOTION = RigidTransform(translation_mm=(30, -20, 10)) @ RigidTransform.about_axis((1, 2, 3), 25)


def registration(volume: Volume, frame_uid: str) -> RigidRegistration:
    return RigidRegistration(
        *(volume.frame_of_reference_uid, frame_uid, MOTION.inverse()),
        *("mutual_information", "geometry", ErrorEstimate(0.1, 0.2, 2)),
    )


def test_what_was_moved_comes_back_voxel_by_voxel(ct: Volume) -> None:
    there = moved(ct, MOTION, "1.2.3")
    back = resample_onto(there, ct.geometry, registration(ct, "1.2.3"))
    # half a grey value is what rounding does; the outermost voxels may fall beside the grid
    inner = np.s_[1:-1, 1:-1, 1:-1]
    assert np.abs(back.voxels[inner].astype(int) - ct.voxels[inner].astype(int)).max() <= 1
    assert back.voxels.dtype == ct.voxels.dtype
    assert back.frame_of_reference_uid == ct.frame_of_reference_uid


def test_a_sheared_grid_is_filled_where_its_slices_are(ct: Volume) -> None:
    tilted = sheared_ct(20.0)
    there = moved(ct, MOTION, "1.2.3")
    laid = resample_onto(there, tilted.geometry, registration(tilted, "1.2.3"))
    scanned, found = tilted.voxels.astype(float), laid.voxels.astype(float)
    assert np.median(found[scanned > 600]) > 550  # HU, of 700
    assert np.median(found[scanned < -900]) == pytest.approx(-1000, abs=5)


def test_where_nothing_was_scanned_is_what_was_asked_for(ct: Volume) -> None:
    away = dataclasses.replace(
        registration(ct, "1.2.3"), fixed_from_moving=RigidTransform(translation_mm=(900, 0, 0))
    )
    laid = resample_onto(moved(ct, MOTION, "1.2.3"), ct.geometry, away, fill=-7)
    assert np.unique(laid.voxels).tolist() == [-7]


def test_a_registration_of_another_frame_is_refused(ct: Volume) -> None:
    with pytest.raises(UnregisteredFramesError, match="says nothing of the frame"):
        resample_onto(moved(ct, MOTION, "1.2.4"), ct.geometry, registration(ct, "1.2.3"))


def test_the_picture_is_grey_where_both_are_one_and_coloured_where_not(ct: Volume) -> None:
    def colour(pose: RigidTransform) -> float:
        after = draw_registration(ct, moved(ct, MOTION, "1.2.3"), pose)[-400:].astype(int)
        return float(np.abs(after[..., 0] - after[..., 2]).mean())

    assert colour(MOTION.inverse()) < 0.2 * colour(RigidTransform())
