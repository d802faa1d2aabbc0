"""Rigid transforms as SimpleITK has them.

ITK names a transform by what it does to points of the fixed image: it takes them to the moving
one. That is moving_from_fixed here, the inverse of what moves the moving image.
"""

import os
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from imaging.errors import SourceError
from imaging.space import RigidTransform, Vector

SUFFIX: Final = ".tfm"

_ORTHOGONALITY: Final = 1e-8
"""What rounding may do to a rotation matrix of float64."""


def as_itk(moving_from_fixed: RigidTransform, centre: Vector = (0.0, 0.0, 0.0)) -> Any:  # noqa: ANN401 - SimpleITK has no types
    """Return an Euler3DTransform that turns about `centre`, a point of the fixed volume."""
    import SimpleITK

    transform = SimpleITK.Euler3DTransform()
    transform.SetCenter(centre)
    rotation = [value for row in moving_from_fixed.matrix()[:3] for value in row[:3]]
    transform.SetMatrix(rotation, _ORTHOGONALITY)
    shift = np.array(moving_from_fixed.apply(centre)) - np.array(centre)
    transform.SetTranslation(shift.tolist())
    return transform


def from_itk(transform: Any) -> RigidTransform:  # noqa: ANN401 - SimpleITK has no types
    """Return moving_from_fixed of an Euler3DTransform."""
    import SimpleITK

    versor = SimpleITK.VersorRigid3DTransform()
    versor.SetMatrix(transform.GetMatrix(), _ORTHOGONALITY)
    x, y, z, w = versor.GetVersor()
    a, b, c = transform.TransformPoint((0.0, 0.0, 0.0))
    return RigidTransform((w, x, y, z), (a, b, c))


def require_transform_name(path: Path) -> None:
    """Raise unless `path` names a transform file.

    Raises
    ------
    SourceError
        It ends in something else, or there is no such folder.
    """
    if not path.name.lower().endswith(SUFFIX):
        raise SourceError(f"{path.name} does not end in {SUFFIX}; name it so", "unknown_format")
    if not path.parent.is_dir():
        raise SourceError(
            f"there is no folder {path.parent} to write {path.name} to; make it first",
            "no_such_path",
        )


def write_itk_transform(path: Path, fixed_from_moving: RigidTransform) -> None:
    """Write the transform as ITK reads it: from points of the fixed volume to the moving one.

    `path` holds all of it, or is not touched.
    """
    import SimpleITK

    require_transform_name(path)
    with tempfile.TemporaryDirectory(prefix=".commissure-", dir=path.parent) as folder:
        partial = Path(folder) / f"partial{SUFFIX}"
        SimpleITK.WriteTransform(as_itk(fixed_from_moving.inverse()), os.fspath(partial))
        partial.replace(path)
