"""Grids of every kind that a scanner or a program may leave, and volumes on them."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from imaging.volume import Volume, VolumeGeometry, VolumeId
from tests.imaging.dicom.test_reading_closed_form import rotations

SHEARED = VolumeGeometry(
    spacing=(0.45, 0.5, 2.5),
    origin=(-101.25, 33.5, 712.0),
    direction=((1.0, 0.0, 0.0), (0.0, 0.96, 0.28), (0.0, 0.0, 1.0)),
    shape_kji=(4, 5, 6),
)
"""Slices that are tilted by 16.3 degrees about the patient's left-right axis."""


def geometries() -> st.SearchStrategy[VolumeGeometry]:
    """Right-angled and sheared, oblique, right-handed and left-handed grids."""

    def build(
        rotation: tuple[tuple[float, ...], ...],
        tilt_deg: float,
        sizes: list[int],
        rest: list[float],
    ) -> VolumeGeometry:
        i, j, k = np.array(rotation).T
        tilted = np.cos(np.radians(tilt_deg)) * k + np.sin(np.radians(tilt_deg)) * j
        axes = [i, j, tilted if rest[6] > 0 else -tilted]
        x, y, z = ([float(value) for value in axis] for axis in axes)
        return VolumeGeometry(
            spacing=(abs(rest[0]), abs(rest[1]), abs(rest[2])),
            origin=(rest[3] * 300, rest[4] * 300, rest[5] * 300),
            direction=((x[0], x[1], x[2]), (y[0], y[1], y[2]), (z[0], z[1], z[2])),
            shape_kji=(sizes[0], sizes[1], sizes[2]),
        )

    step = st.floats(0.2, 3.0)
    place = st.floats(-3.0, 3.0)
    return st.builds(
        build,
        rotations(),
        st.sampled_from([0.0, 0.0, 16.5, -30.0]),
        st.lists(st.integers(1, 6), min_size=3, max_size=3),
        st.tuples(step, step, step, place, place, place, st.sampled_from([1.0, -1.0])).map(list),
    )


def numbered(shape_kji: tuple[int, int, int], dtype: type[np.generic]) -> NDArray[np.generic]:
    """Return values that all differ; fractions where the type can hold them."""
    values = np.arange(np.prod(shape_kji)).reshape(shape_kji) - 100
    return (values / 2 + 0.25 if dtype == np.float32 else values).astype(dtype)


def volume_on(geometry: VolumeGeometry, dtype: type[np.generic] = np.int16) -> Volume:
    """Return a CT whose words would betray it in a file."""
    return Volume(
        volume_id=VolumeId("v0"),
        voxels=numbered(geometry.shape_kji, dtype),
        geometry=geometry,
        modality="CT",
        hu=True,
        description="a series",
        study_uid="1.2.3.1",
        series_uid="1.2.3.2",
        frame_of_reference_uid="1.2.3.4",
        slice_thickness_mm=1.0,
        acquired_on="2001-02-03",
    )
