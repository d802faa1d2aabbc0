"""The `commissure` command: call one verb, turn errors into one sentence and an exit code."""

import errno
import importlib
import os
import signal
import sys
from typing import Annotated, Final

import typer

from workspace.cli.logs import LogFormat, LogLevel, configure_logs

VERBS: Final = (
    "demo",
    "open",
    "serve",
    "room",
    "user",
    "audit",
    "data",
    "backup",
    "retention",
    "inspect",
    "import",
    "convert",
    "register",
    "catalog",
    "segment",
    "surface",
    "sample",
)
"""Each is a module `workspace.cli.<verb>_verb` with a function `register(app)`."""

REMEDIES: Final = {
    errno.ENOSPC: "free some space or choose another place, then try again",
    errno.EDQUOT: "free some space or choose another place, then try again",
    errno.EACCES: "check its permissions or choose another place, then try again",
    errno.EPERM: "check its permissions or choose another place, then try again",
    errno.ENOMEM: "close other programs, then try again",
}
"""What to do about an error of the operating system."""

REFUSED: Final = 1
MISUSED: Final = 2


def build_app() -> typer.Typer:
    """Return the command with all its verbs."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_about)
    for verb in VERBS:
        importlib.import_module(f"workspace.cli.{verb}_verb").register(app)
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"commissure {version('commissure')}")
        raise typer.Exit


def _about(
    *,
    version: Annotated[  # noqa: ARG001 (typer has acted on it)
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[  # noqa: ARG001 (`main` has taken it out)
        bool, typer.Option("--debug", help="Show the traceback of a fault.")
    ] = False,
    log_format: Annotated[
        LogFormat, typer.Option(envvar="COMMISSURE_LOG_FORMAT", help="How lines on stderr look.")
    ] = LogFormat.HUMAN,
    log_level: Annotated[
        LogLevel, typer.Option(envvar="COMMISSURE_LOG_LEVEL", help="What is worth a line.")
    ] = LogLevel.WARNING,
) -> None:
    """Rehearse an operation together: DICOM in, one shared 3D room in the browser, a plan out.

    Not for diagnostic use.
    """
    configure_logs(log_format, log_level)


def sentence_of(error: BaseException) -> str | None:
    """Return the one sentence for an expected error, or None for a fault of our own."""
    from imaging.errors import ImagingError
    from sample_data.errors import PhantomError
    from segmentation.errors import SegmentationError
    from sessions.errors import SessionError
    from workspace.errors import WorkspaceError

    expected = ImagingError | PhantomError | SegmentationError | SessionError | WorkspaceError
    if isinstance(error, expected):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        where = f" ({error.filename})" if error.filename else ""
        remedy = REMEDIES.get(error.errno, "choose another place, then try again")
        return f"{os.strerror(error.errno)}{where}; {remedy}"
    return None


def _end(number: int, _: object) -> None:
    """Leave as after Ctrl+C: what is half-written is removed on the way out."""
    raise SystemExit(128 + number)


def main() -> None:
    """Run the command line; without ``--debug`` no traceback is ever printed."""
    from workspace.cli.plain_text import let_any_name_be_printed, plain
    from workspace.errors import MisuseError

    let_any_name_be_printed()
    configure_logs()
    signal.signal(signal.SIGTERM, _end)
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        build_app()(arguments, prog_name="commissure")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        if debug:
            raise
        sentence = sentence_of(error)
        if sentence is None:
            fault = type(error).__name__
            sentence = f"a fault of our own ({fault}); run again with --debug for details"
        print(f"commissure: {plain(sentence)}", file=sys.stderr)
        sys.exit(MISUSED if isinstance(error, MisuseError) else REFUSED)
