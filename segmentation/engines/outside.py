"""The air around the patient, and the bodies in it."""

import math

import numpy as np
from numpy.typing import NDArray

from segmentation.engines.coarse_grid import distance_mm, opened
from segmentation.engines.components import Mask, box_around, components_of, dilate, largest_of

FACES = tuple((axis, end) for axis in range(3) for end in (0, -1))

SEAL_RADIUS_MM = 6.0
"""A nostril is up to 12 mm wide, an ear canal 9 mm: a ball of this radius stays outside both."""

TABLE_THICKNESS_MM = 6.0
"""Table tops and head holders are shells of a few mm around foam as light as air."""

TABLE_SHARE = 0.18
"""A table is seldom more of the whole: of a head with its ears and 500 mL of table 12 % is thin, of
the plastic skull 21 %."""

LIMB_EXTENT_MM = 120.0
"""An ear, a nose or a finger is smaller than this, a piece of table top larger."""


def touching_faces(solid: Mask) -> Mask:
    """Return a mask of the border voxels that lie in the open: not within a hole of `solid`.

    Where the scan cuts the body, the airway ends in a face of the volume, yet it is inside.
    """
    seeds = np.zeros_like(solid)
    for axis, end in FACES:
        face = np.take(solid, end, axis=axis)
        open_face = np.moveaxis(seeds, axis, 0)[end]
        open_face |= _open_in_face(face)
    return seeds


def _open_in_face(face: Mask) -> Mask:
    from scipy import ndimage

    labels, _ = ndimage.label(~face)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.unique(edge[edge > 0]))


def connected_to(seeds: Mask, mask: Mask) -> Mask:
    """Return the pieces of `mask` that hold a seed."""
    pieces = components_of(mask)
    return pieces.select(np.unique(pieces.labels[seeds & mask]).astype(np.intp))


def exterior_of(solid: Mask, spacing_kji: tuple[float, float, float]) -> Mask:
    """Return the air outside `solid` that a ball of `SEAL_RADIUS_MM` can come near to.

    Dimples and the openings of canals belong to it, the airway behind a nostril does not. The ball
    also rolls beyond the border of the volume, where the body goes on as it left.
    """
    room = [math.ceil(SEAL_RADIUS_MM / mm) + 2 for mm in spacing_kji]
    closed = solid | ~(touching_faces(solid) | solid) & _border(solid.shape)
    padded = np.pad(closed, [(width, width) for width in room], mode="edge")
    wide = distance_mm(padded, spacing_kji) > SEAL_RADIUS_MM
    reached = connected_to(_border(wide.shape), wide)
    if not reached.any():
        return connected_to(touching_faces(solid), ~solid)
    near = (distance_mm(reached, spacing_kji) <= SEAL_RADIUS_MM + 2 * max(spacing_kji)) & ~padded
    outside = connected_to(reached, near | reached)
    return outside[tuple(slice(width, -width) for width in room)]


def _border(shape: tuple[int, ...]) -> Mask:
    border = np.ones(shape, dtype=np.bool_)
    border[tuple(slice(1, -1) for _ in shape)] = False
    return border


def largest_body(solid: Mask, spacing_kji: tuple[float, float, float]) -> Mask:
    """Return the patient: the largest thick piece, with its thin parts but without the table."""
    thick = components_of(opened(solid, TABLE_THICKNESS_MM / 2, spacing_kji))
    whole = largest_of(solid)
    if len(thick.sizes) == 0:
        return whole
    thin = 1 - thick.sizes[0] / np.count_nonzero(whole)
    if thin > TABLE_SHARE and _is_shell(whole, spacing_kji):
        return whole
    grown = distance_mm(thick.labels == 1, spacing_kji) <= max(spacing_kji)
    body = solid & grown
    rest = components_of(solid & ~body)
    return body | rest.select(_limbs(rest.labels, body, spacing_kji))


def _is_shell(whole: Mask, spacing_kji: tuple[float, float, float]) -> bool:
    """Return whether a thin object is thick once filled: a dry skull is, a table is not."""
    filled = ~exterior_of(whole, spacing_kji)
    thick = opened(filled, TABLE_THICKNESS_MM / 2, spacing_kji)
    return bool(np.count_nonzero(thick) > (1 - TABLE_SHARE) * np.count_nonzero(filled))


def _limbs(
    labels: NDArray[np.uint32], body: Mask, spacing_kji: tuple[float, float, float]
) -> NDArray[np.intp]:
    """Return the labels of pieces that touch the body and are no larger than a limb's end."""
    from scipy import ndimage

    touching = set(np.unique(labels[dilate(body, 1)]).tolist()) - {0}
    boxes = ndimage.find_objects(labels.astype(np.int32))
    limbs = [
        number
        for number, box in enumerate(boxes, start=1)
        if number in touching
        and all(
            (side.stop - side.start) * mm <= LIMB_EXTENT_MM
            for side, mm in zip(box, spacing_kji, strict=True)
        )
    ]
    return np.array(limbs, dtype=np.intp)


def air_beside(labels: NDArray[np.uint32], air: Mask, count: int) -> NDArray[np.float64]:
    """Return for each of `count` labelled pieces which part of its surroundings is `air`.

    Returns
    -------
    (count,) float64 array
        0 (embedded in tissue) to 1 (all in air).
    """
    rim = np.zeros(count + 1)
    airy = np.zeros(count + 1)
    for axis in range(3):
        first = np.moveaxis(labels, axis, 0)
        beside = np.moveaxis(air, axis, 0)
        for here, there, gas in (
            (first[:-1], first[1:], beside[1:]),
            (first[1:], first[:-1], beside[:-1]),
        ):
            border = (here > 0) & (there == 0)
            rim += np.bincount(here[border], minlength=count + 1)
            airy += np.bincount(here[border & gas], minlength=count + 1)
    return airy[1:] / np.maximum(rim[1:], 1)


def half_inside(labels: NDArray[np.uint32], count: int) -> NDArray[np.bool_]:
    """Return for each piece whether half of it lies in the box around piece 1."""
    box = box_around(labels == 1)
    if box is None:
        return np.zeros(count, dtype=np.bool_)
    inside = np.bincount(labels[box].ravel(), minlength=count + 1)
    return inside[1:] * 2 >= np.bincount(labels.ravel(), minlength=count + 1)[1:]
