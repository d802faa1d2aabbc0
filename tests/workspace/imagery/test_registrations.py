"""Registrations that rooms know of."""

from pathlib import Path

import pytest

from imaging.errors import RefusedFileError
from imaging.registration.frames import placement_between
from imaging.registration.registration import ErrorEstimate, RigidRegistration
from imaging.space import RigidTransform
from workspace.imagery.registrations import keep_registration, kept_registrations


def registration(fixed: str, moving: str, x_mm: float, error_mm: float = 1.0) -> RigidRegistration:
    transform = RigidTransform(translation_mm=(x_mm, 0.0, 0.0))
    error = ErrorEstimate(error_mm / 2, error_mm, 3)
    return RigidRegistration(fixed, moving, transform, "landmarks", "given", error)


def test_a_later_registration_of_the_same_frames_replaces_an_earlier_one(tmp_path: Path) -> None:
    keep_registration(tmp_path, registration("1.1", "1.2", 5))
    later = registration("1.2", "1.1", -6)
    keep_registration(tmp_path, later)
    assert kept_registrations(tmp_path) == (later,)


def test_a_registration_of_no_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="states no frame of reference"):
        keep_registration(tmp_path, registration("", "1.2", 5))


def test_what_is_no_registration_is_passed_over(tmp_path: Path) -> None:
    keep_registration(tmp_path, registration("1.1", "1.2", 5))
    (tmp_path / "registrations" / "odd.json").write_text("{}")
    assert len(kept_registrations(tmp_path)) == 1


def test_errors_of_a_chain_add_up() -> None:
    chain = (registration("1.1", "1.2", 5, 1.0), registration("1.3", "1.2", 7, 0.5))
    found = placement_between("1.1", "1.3", chain)
    assert found.transform.translation_mm == pytest.approx((-2, 0, 0))
    assert found.error_mm == 1.5
    assert placement_between("1.1", "1.1").error_mm == 0.0
