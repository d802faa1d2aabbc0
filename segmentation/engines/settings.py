"""From what a user typed to checked values: every refusal lists what there is."""

import math
from collections.abc import Mapping

from segmentation.engines.engine import Engine, Parameter, Setting, Settings
from segmentation.errors import UnknownEngineError


def checked_settings(engine: Engine, given: Mapping[str, Setting]) -> Settings:
    """Return a value, or None for "choose", for every key of `engine`.

    Raises
    ------
    UnknownEngineError
        A key that the engine does not have, or a value that is no number within its bounds.
    """
    keys = {parameter.key: parameter for parameter in engine.parameters}
    for key in given:
        if key not in keys:
            raise UnknownEngineError(
                f"the engine {engine.name} has no key {key!r}; its keys are {', '.join(keys)}"
            )
    settings = {
        key: _checked(engine, parameter, given[key]) if key in given else parameter.default
        for key, parameter in keys.items()
    }
    _require_order(engine, settings)
    return settings


def _checked(engine: Engine, parameter: Parameter, given: Setting) -> float:
    try:
        value = math.nan if isinstance(given, bool) else float(given)
    except ValueError:
        value = math.nan
    fits = parameter.minimum <= value <= parameter.maximum
    if not fits or (parameter.whole and value != int(value)):
        kind = "a whole number" if parameter.whole else "a number"
        keys = ", ".join(each.key for each in engine.parameters)
        raise UnknownEngineError(
            f"the engine {engine.name} takes for {parameter.key} {kind} from "
            f"{parameter.minimum:g} to {parameter.maximum:g}, not {given!r}; its keys are {keys}"
        )
    return value


def _require_order(engine: Engine, settings: Settings) -> None:
    lower, upper = settings.get("lower_hu"), settings.get("upper_hu")
    if lower is not None and upper is not None and lower >= upper:
        raise UnknownEngineError(
            f"the engine {engine.name} needs lower_hu below upper_hu, "
            f"not {lower:g} and {upper:g}; its keys are "
            + ", ".join(parameter.key for parameter in engine.parameters)
        )
