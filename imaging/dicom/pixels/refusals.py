"""The ways in which pixel data can be bad, as errors."""

from pathlib import Path

from imaging.errors import RefusedFileError


def cut_short(file: Path) -> RefusedFileError:
    """Return the error for pixel data that end too early."""
    return RefusedFileError(
        f"{file.name} is cut short: its pixel data are not all there; "
        "copy or export the series again",
        "truncated_file",
    )


def damaged(file: Path) -> RefusedFileError:
    """Return the error for compressed pixel data that are not what the header states."""
    return RefusedFileError(
        f"the compressed image in {file.name} is damaged; export the series again",
        "damaged_pixels",
    )


def ambiguous_sign(file: Path, precision: int, bits_stored: int) -> RefusedFileError:
    """Return the error for values that are positive by the stream and negative by the header."""
    return RefusedFileError(
        f"the compressed image in {file.name} has {precision} bits, its header states "
        f"{bits_stored}, and they disagree about the sign; export the series uncompressed",
        "ambiguous_sign",
    )
