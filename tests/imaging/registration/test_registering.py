"""Volumes whose place to each other is known, and volumes that have none."""

import dataclasses

import numpy as np
import pytest

from imaging.errors import RegistrationFailedError
from imaging.registration.registering import Start, register
from imaging.registration.registration import from_json, to_json
from imaging.registration.resampling import resample_onto
from imaging.space import RigidTransform, Vector
from imaging.volume import Volume
from sample_data.acquisition import Acquisition
from sample_data.liver import liver
from sample_data.scene import MR_FROM_CT
from sample_data.series import scan
from tests.imaging.registration.scans import (
    CT_FROM_MR,
    SAGITTAL_CT,
    beside,
    cropped,
    moved,
    scanned,
    sheared_ct,
    worst_target_mm,
)

TOLERANCE_MM = 0.5
"""A quarter of the finest level's voxel; a millimetre is what is promised."""

STARTS = (
    ((0, 0, 1), (1, 1, 0)),  # about the axis around which the heads look alike
    pytest.param((1, -2, 2), (-1, 2, 1), marks=pytest.mark.soak),
    pytest.param((0, 0, -1), (0, 0, 1), marks=pytest.mark.soak),
    pytest.param((1, 0, 0), (0, -1, -1), marks=pytest.mark.soak),
    pytest.param((0, 1, 0), (1, 0, 0), marks=pytest.mark.soak),
    pytest.param((-1, -1, 1), (1, 1, -1), marks=pytest.mark.soak),
)


@pytest.mark.parametrize(("axis", "shift"), STARTS)
def test_the_mr_copy_is_found_from_20_mm_and_20_degrees_off(
    axis: Vector, shift: Vector, ct: Volume, mr: Volume
) -> None:
    start = Start("given", beside(CT_FROM_MR, axis, shift))
    found = register(ct, mr, start)
    assert worst_target_mm(found, MR_FROM_CT) <= TOLERANCE_MM
    assert found.error.max_mm <= 1.0  # repetitions differ at the corners by less than is promised
    assert worst_target_mm(found, MR_FROM_CT) <= 2 * found.error.max_mm  # and it is no flattery
    assert from_json(to_json(found)) == found
    back = resample_onto(mr, ct.geometry, found)
    assert back.frame_of_reference_uid == ct.frame_of_reference_uid
    assert back.warnings[-1][0] == "resampled"
    hu, grey = ct.voxels.astype(float), back.voxels.astype(float)
    brain, bone = grey[(hu > 20) & (hu < 50)], grey[hu > 600]
    assert np.median(brain) > 2 * np.median(bone)  # 420 and 80


def test_a_ct_of_another_orientation_spacing_and_extent_is_found(ct: Volume) -> None:
    motion = RigidTransform.about_axis((1, 2, 3), 9.0)
    other = moved(cropped(scanned(SAGITTAL_CT), (0, 0.3, 0), (1, 1, 1)), motion, "1.2.3")
    found = register(ct, other, Start("geometry"))
    assert worst_target_mm(found, motion) <= TOLERANCE_MM
    assert (found.fixed_frame_uid, found.moving_frame_uid) == (ct.frame_of_reference_uid, "1.2.3")
    assert found.overlap >= 0.9


def test_a_sheared_scan_is_where_its_slices_are(ct: Volume) -> None:
    found = register(sheared_ct(20.0), ct, Start("identity"))
    assert worst_target_mm(found, RigidTransform()) <= TOLERANCE_MM


def test_a_patient_who_lay_the_other_way_round_is_found_by_moments(ct: Volume) -> None:
    motion = RigidTransform.about_axis((0, 1, 0), 180.0) @ RigidTransform.about_axis((0, 0, 1), 40)
    motion = RigidTransform(translation_mm=(150.0, -80.0, 300.0)) @ motion
    found = register(ct, moved(ct, motion, "1.2.3"), Start("moments"))
    assert worst_target_mm(found, motion) <= TOLERANCE_MM


def test_the_same_input_gives_the_same_result_on_any_number_of_threads(ct: Volume) -> None:
    import SimpleITK

    from imaging.registration.alignment import Scan, align
    from imaging.registration.body import body_of
    from imaging.registration.pyramid import pyramid

    levels = pyramid(ct)
    head = Scan(levels, body_of(levels, ct.geometry, hu=True))
    start = RigidTransform.about_axis((1, 1, 1), 5.0)
    usual = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    try:
        found = []
        for threads in (1, 2, 5):
            SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
            found.append(align(head, head, 0, start))
    finally:
        SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(usual)
    assert found[0] is not None
    assert found == [found[0]] * 3


def filled(volume: Volume, value: float) -> Volume:
    return dataclasses.replace(volume, voxels=np.full_like(volume.voxels, value))


def test_two_unrelated_scans_are_refused(mr: Volume) -> None:
    other = scan(liver(), Acquisition(spacing_mm=(3.0, 3.0, 3.0)))
    with pytest.raises(RegistrationFailedError) as refused:
        register(other, mr, Start("geometry"))
    assert refused.value.code == "registration_failed"


@pytest.mark.parametrize("value", [-1000, 40])
def test_a_constant_volume_is_refused(value: int, ct: Volume) -> None:
    with pytest.raises(RegistrationFailedError, match="same value everywhere"):
        register(ct, filled(ct, value))


def test_noise_is_refused(mr: Volume) -> None:
    noise = np.random.default_rng(1).normal(0, 20, mr.voxels.shape).astype(np.int16)
    with pytest.raises(RegistrationFailedError):
        register(mr, dataclasses.replace(mr, voxels=noise))


def test_a_slab_too_thin_to_tell_its_turn_is_refused(ct: Volume) -> None:
    with pytest.raises(RegistrationFailedError, match="mm thick"):
        register(ct, cropped(ct, (0.4, 0, 0), (0.5, 1, 1)))


@pytest.mark.soak
def test_volumes_that_do_not_meet_as_scanned_are_found_or_refused_but_never_misplaced(
    ct: Volume,
) -> None:
    motion = RigidTransform(translation_mm=(900.0, 0.0, 0.0))
    found = register(ct, moved(ct, motion, "1.2.3"), Start("identity"))
    assert worst_target_mm(found, motion) <= TOLERANCE_MM
