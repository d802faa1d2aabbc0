"""All engines, one row each, and the one way to run them."""

from collections.abc import Mapping
from typing import Final

from imaging.progress import Progress, no_progress
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

    Raises
    ------
    UnknownEngineError
        No such engine or key, or a value out of bounds.
    EmptySegmentError
        Nothing in the volume fits.
    """
    engine = engine_named(name)
    finding = engine.find(volume, checked_settings(engine, settings), progress)
    structure = engine.structure
    return Segmentation(
        field=finding.field,
        isovalue=finding.isovalue,
        mask=finding.mask,
        geometry=volume.geometry,
        engine=engine.name,
        version=engine.version,
        parameters=finding.parameters,
        name=structure.name,
        code=structure.code,
        colour=structure.colour,
        opacity=structure.opacity,
    )
