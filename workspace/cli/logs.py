"""Logs go to stderr, one line each; stdout is for what was asked for.

What an error or a library says may hold a value, and a value may be a patient's: so of a fault the
log keeps its type and where it happened, of a library's record the template and not what was put
into it, and of a room's id, which begins with the title of its case, a code.
"""

import hashlib
import logging
import sys
import threading
import traceback
from collections.abc import Callable, MutableMapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

FRAMES_KEPT: Final = 12
"""The innermost; who called them is seldom the question."""

TRUSTED: Final = ("asyncio", "aiohttp")
"""Libraries whose first line is their own words."""

SILENT: Final = ("wslink", "trame_server", "trame_client", "aiohttp.access")
"""They log what they receive, or paths, which hold tokens."""

Fields = MutableMapping[str, Any]


class LogFormat(StrEnum):
    """How a line looks."""

    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    """What is worth a line."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure_logs(
    form: LogFormat = LogFormat.HUMAN,
    level: LogLevel = LogLevel.WARNING,
    stream: TextIO | None = None,
) -> None:
    """Send our own logs, the libraries' and what nobody caught to one stream, stderr by default."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            _with_coded_room,
            _renderer(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Whatever is stderr when a line is written: it may have been replaced meanwhile.
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),
    )
    log = structlog.get_logger()
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[_Passing(log)], force=True)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)
    threading.excepthook = lambda it: _tell(log, "thread.fault", it.exc_value)
    sys.unraisablehook = lambda it: _tell(log, "object.fault", it.exc_value)


def room_code(room_id: str) -> str:
    """Return what the log calls a room; `commissure data status` tells which one it is.

    Examples
    --------
    >>> room_code("theatre-1")
    'r-cc72a1c87d'
    """
    return f"r-{hashlib.sha256(room_id.encode()).hexdigest()[:10]}"


def fault_of(error: BaseException) -> dict[str, object]:
    """Return what an error was and where it happened; not what it says."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < FRAMES_KEPT:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return {"fault": " from ".join(names), "where": _where(error.__traceback__)}


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES_KEPT:]
    return [f"{Path(it.filename).name}:{it.lineno} {it.name}" for it in frames]


def _renderer(form: LogFormat) -> Callable[[Any, str, Fields], str | bytes]:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=True)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])


def _without_words(_logger: object, _method: str, fields: Fields) -> Fields:
    """Put an error's type and place where structlog would put its traceback."""
    given = fields.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        fields.update(fault_of(error))
    return fields


def _with_coded_room(_logger: object, _method: str, fields: Fields) -> Fields:
    if isinstance(room_id := fields.get("room"), str):
        fields["room"] = room_code(room_id)
    return fields


def _tell(log: Any, event: str, error: BaseException | None) -> None:  # noqa: ANN401 (structlog's)
    if error is not None and not isinstance(error, SystemExit):
        log.error(event, exc_info=error)


class _Passing(logging.Handler):
    """Passes on what libraries log, without the values that they put into it."""

    def __init__(self, log: Any) -> None:  # noqa: ANN401 (structlog's)
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        fields: Fields = {"library": record.name, "at": f"{record.module}:{record.lineno}"}
        if record.name.startswith(TRUSTED) or record.args:
            fields["said"] = str(record.msg).partition("\n")[0][:200]
        error = record.exc_info[1] if record.exc_info else None
        self._log.log(record.levelno, "library.said", **fields, exc_info=error)
