"""Logs go to stderr, one line each; stdout is for what was asked for."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Send our own logs and the libraries' warnings to stderr.

    A traceback of a fault goes there too, for the operator; it holds code, and of our own values
    none that names a patient. Libraries that log what they receive (wslink) are kept quiet.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    for chatty in ("wslink", "trame_server", "trame_client"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
