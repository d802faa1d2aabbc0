"""The `commissure` command: parse, call one verb, turn errors into one sentence and an exit code."""

import importlib
import os
import sys
from typing import Final

import typer

VERBS: Final = ("demo", "open", "inspect", "convert", "segment", "surface", "serve", "room", "sample")
"""Each is a module `workspace.cli.<verb>_verb` with a function `register(app)`."""

REFUSED: Final = 1
MISUSED: Final = 2


def build_app() -> typer.Typer:
    """Return the command with all its verbs."""
    app = typer.Typer(
        help="Commissure: a collaborative surgical-planning workspace. Not for diagnostic use.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for verb in VERBS:
        importlib.import_module(f"workspace.cli.{verb}_verb").register(app)
    return app


def sentence_of(error: BaseException) -> str | None:
    """Return the one sentence for an expected error, or None for a fault of our own."""
    from imaging.errors import ImagingError
    from sample_data.errors import SampleDataError
    from segmentation.errors import SegmentationError
    from sessions.errors import SessionError
    from workspace.errors import WorkspaceError

    expected = ImagingError | SampleDataError | SegmentationError | SessionError | WorkspaceError
    if isinstance(error, expected):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        where = f" ({error.filename})" if error.filename else ""
        return f"{os.strerror(error.errno)}{where}; free some space or choose another place, then try again"
    return None


def main() -> None:
    """Run the command line; without ``--debug`` no traceback is ever printed."""
    from workspace.errors import MisuseError

    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        build_app()(arguments, prog_name="commissure")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if debug:
            raise
        sentence = sentence_of(error)
        if sentence is None:
            sentence = f"a fault of our own ({type(error).__name__}); run again with --debug for details"
        print(f"commissure: {sentence}", file=sys.stderr)
        sys.exit(MISUSED if isinstance(error, MisuseError) else REFUSED)
