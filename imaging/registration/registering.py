"""Rigid registration of two volumes: CT to MR, CT to CT, MR to MR."""

from dataclasses import dataclass
from typing import Final

from imaging.progress import Progress, no_progress
from imaging.registration.agreement import repeated
from imaging.registration.alignment import BINS, SAMPLES, SEED, Scan
from imaging.registration.body import body_of
from imaging.registration.landmarks import LandmarkPair, fit_landmarks
from imaging.registration.likeness import likeness_of, require_likeness
from imaging.registration.pyramid import LEVELS_MM, pyramid
from imaging.registration.registration import RigidRegistration
from imaging.registration.search import find_pose
from imaging.registration.starts import StartName, by_geometry, by_moments
from imaging.space import RigidTransform
from imaging.volume import Volume

UNMOVED: Final = RigidTransform()

METHOD: Final = "mutual_information"


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin."""

    name: StartName = "geometry"
    fixed_from_moving: RigidTransform = UNMOVED
    """For the start "given"."""
    pairs: tuple[LandmarkPair, ...] = ()
    """For the start "landmarks"."""


BY_GEOMETRY: Final = Start()


def register(
    fixed: Volume,
    moving: Volume,
    start: Start = BY_GEOMETRY,
    progress: Progress = no_progress,
) -> RigidRegistration:
    """Find how `moving` lies in the frame of reference of `fixed`.

    Mutual information of the grey values is the measure, coarse to fine down to 2 mm voxels. The
    answer is then sought again from beside itself and the other way round; how far those lie apart
    is its error. The same input gives the same answer.

    Parameters
    ----------
    fixed, moving : Volume
        Of one patient and region; modality, grid and contrast may differ.
    start : Start, optional
        The middles of the grids, unless said otherwise.
    progress : Progress, optional
        Told of the steps.

    Raises
    ------
    RegistrationFailedError
        The volumes have nothing in common, or no answer that is found again.
    PairedPointsError
        The landmarks say of no rigid motion.
    """
    progress("Looking at the volumes", 0, 2)
    scans = (_scan(fixed), _scan(moving))
    progress("Looking at the volumes", 2, 2)
    fit = fit_landmarks(start.pairs) if start.name == "landmarks" else None
    moving_from_fixed = _starts(start, (fixed, moving), scans)
    # Samples are taken in the smaller body: all of it can lie in the larger, not the other way
    swapped = scans[0].body.volume_ml > scans[1].body.volume_ml
    inner, outer = scans[::-1] if swapped else scans
    starts = [one.inverse() for one in moving_from_fixed] if swapped else moving_from_fixed
    pose = find_pose(inner, outer, starts, progress).moving_from_fixed
    common = likeness_of(inner, outer, pose)
    require_likeness(common)
    progress("Registering again", 0, 1)
    error = repeated(inner, outer, pose)
    progress("Registering again", 1, 1)
    return RigidRegistration(
        fixed_frame_uid=fixed.frame_of_reference_uid,
        moving_frame_uid=moving.frame_of_reference_uid,
        fixed_from_moving=pose if swapped else pose.inverse(),
        method=METHOD,
        start=start.name,
        error=error,
        mutual_information=common.mutual_information,
        similarity=common.similarity,
        overlap=common.overlap,
        fre_mm=None if fit is None else fit.fre_mm,
        parameters=_parameters(),
        software=_software(),
    )


def _scan(volume: Volume) -> Scan:
    levels = pyramid(volume)
    return Scan(levels, body_of(levels, volume.geometry, hu=volume.hu))


def _starts(
    start: Start, volumes: tuple[Volume, Volume], scans: tuple[Scan, Scan]
) -> list[RigidTransform]:
    """Return moving_from_fixed, all that are worth a try."""
    match start.name:
        case "identity":
            return [RigidTransform()]
        case "geometry":
            return [by_geometry(volumes[0].geometry, volumes[1].geometry)]
        case "moments":
            return list(by_moments(*scans))
        case "landmarks":
            return [fit_landmarks(start.pairs).fixed_from_moving.inverse()]
        case "given":
            return [start.fixed_from_moving.inverse()]


def _parameters() -> dict[str, float]:
    return {
        "finest_level_mm": LEVELS_MM[-1],
        "levels": len(LEVELS_MM),
        "bins": BINS,
        "samples": SAMPLES[-1],
        "seed": SEED,
    }


def _software() -> dict[str, str]:
    import SimpleITK

    return {"SimpleITK": SimpleITK.Version.VersionString()}
