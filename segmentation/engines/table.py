"""All engines, one row each, and the one way to run them."""

from collections.abc import Mapping
from typing import Final

from imaging.progress import Progress, no_progress
from imaging.resampling import skew_deg, to_right_angles
from imaging.volume import Volume
from segmentation.engines import bone, skin, threshold, vessels
from segmentation.engines.engine import Engine, Segmentation, Setting
from segmentation.engines.settings import checked_settings
from segmentation.errors import UnknownEngineError

ENGINES: Final[dict[str, Engine]] = {
    "threshold": threshold.ENGINE,
    "bone": bone.ENGINE,
    "skin": skin.ENGINE,
    "vessels": vessels.ENGINE,
}

SHEARED_DEG: Final = "sheared_deg"
"""Parameter of a result: the gantry's tilt that was taken out of the volume before."""


def engine_named(name: str) -> Engine:
    """Return the engine, or raise `UnknownEngineError` with the names of all."""
    if name not in ENGINES:
        raise UnknownEngineError(
            f"there is no engine {name!r}; the engines are {', '.join(ENGINES)}"
        )
    return ENGINES[name]


def run_engine(
    volume: Volume,
    name: str,
    settings: Mapping[str, Setting],
    progress: Progress = no_progress,
) -> Segmentation:
    """Segment `volume` with the engine `name`.

    Parameters
    ----------
    settings : mapping
        Values by key, as typed or as numbers; keys left out take their defaults.

    Returns
    -------
    Segmentation
        On the volume's own grid, unless that is sheared and the engine needs right angles: then on
        the grid of `imaging.resampling.to_right_angles`, and its warnings and the parameter
        ``sheared_deg`` say so.

    Raises
    ------
    UnknownEngineError
        No such engine or key, or a value out of bounds.
    EmptySegmentError
        Nothing in the volume fits.
    """
    engine = engine_named(name)
    checked = checked_settings(engine, settings)
    source = to_right_angles(volume) if engine.needs_right_angles else volume
    finding = engine.find(source, checked, progress)
    parameters = dict(finding.parameters)
    if source is not volume:
        parameters[SHEARED_DEG] = round(skew_deg(volume.geometry), 2)
    structure = engine.structure
    return Segmentation(
        field=finding.field,
        isovalue=finding.isovalue,
        mask=finding.mask,
        geometry=source.geometry,
        engine=engine.name,
        version=engine.version,
        parameters=parameters,
        name=structure.name,
        code=structure.code,
        colour=structure.colour,
        opacity=structure.opacity,
        warnings=source.warnings[len(volume.warnings) :],
    )
