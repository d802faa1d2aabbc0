"""From stored bits to measured values: mask, sign, rescale; pure, in place where possible."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import PixelFormat, Rescale

_WORD_BITS: Final = 16
_INT16: Final = np.iinfo(np.int16)


class DoesNotFitError(Exception):
    """Rescaled values lie outside of int16."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was done to one slice besides rescaling."""

    high_bits_ignored: bool
    """Bits above BitsStored were set, as old overlays are."""
    padding_lowered: bool
    """Padding that BitsStored cannot express was set to the lowest value."""


def is_integral(rescale: Rescale) -> bool:
    """Return whether whole stored values stay whole."""
    return rescale.slope.is_integer() and rescale.intercept.is_integer()


def signed_values(
    stored: NDArray[np.uint16], pixels: PixelFormat, padding: tuple[int, int] | None
) -> tuple[NDArray[np.int16] | NDArray[np.uint16], Findings]:
    """Turn stored bits into numbers, in place.

    Parameters
    ----------
    stored : (rows, columns) uint16 array
        Overwritten.
    pixels : PixelFormat
        Says which of the bits count, and whether the highest of them is a sign.
    padding : (int, int) or None
        Lowest and highest stored value that mean "no measurement".

    Returns
    -------
    values : (rows, columns) int16 or uint16 array
        A view of `stored`.
    findings : Findings
        What a user should be told.

    References
    ----------
    DICOM PS3.5, 8.1.1, and PS3.3, C.7.5.1.1.2 for the padding.
    """
    bits = pixels.bits_stored
    if bits == _WORD_BITS:
        return (stored.view(np.int16) if pixels.signed else stored), Findings(
            high_bits_ignored=False, padding_lowered=False
        )
    padded = _padding_beyond(stored, pixels, padding)
    if pixels.high_bit + 1 > bits:
        stored >>= pixels.high_bit + 1 - bits
    mask = (1 << bits) - 1
    if not pixels.signed:
        surplus = bool(stored.max(initial=0) > mask)
        if surplus:
            stored &= mask
        if padded is not None:
            stored[padded] = 0
        return stored, Findings(surplus and padded is None, padded is not None)
    values = stored.view(np.int16)
    values <<= _WORD_BITS - bits
    values >>= _WORD_BITS - bits  # an arithmetic shift spreads the sign
    if padded is not None:
        values[padded] = -(1 << (bits - 1))
    return values, Findings(high_bits_ignored=False, padding_lowered=padded is not None)


def _padding_beyond(
    stored: NDArray[np.uint16], pixels: PixelFormat, padding: tuple[int, int] | None
) -> NDArray[np.bool_] | None:
    """Find padding that the stored bits cannot express, before they are cut to size.

    Old CT writes 63536 (-2000) beside 12 bit values; cut to 12 bits it would pass for bone.
    """
    if padding is None:
        return None
    lowest = -(1 << (pixels.bits_stored - 1)) if pixels.signed else 0
    highest = lowest + (1 << pixels.bits_stored) - 1
    if lowest <= padding[0] and padding[1] <= highest:
        return None
    signless = sorted(end & 0xFFFF for end in padding)
    found = (stored >= signless[0]) & (stored <= signless[1])
    return found if found.any() else None


def rescale_to_int16(
    values: NDArray[np.int16] | NDArray[np.uint16], rescale: Rescale, out: NDArray[np.int16]
) -> None:
    """Write the rescaled values of a slice to `out`, which may be the same memory.

    Raises
    ------
    DoesNotFitError
        A value lies outside of int16; `out` is untouched.
    """
    low, high = int(values.min()), int(values.max())
    slope, intercept = int(rescale.slope), int(rescale.intercept)
    ends = (low * slope + intercept, high * slope + intercept)
    if min(ends) < _INT16.min or max(ends) > _INT16.max:
        raise DoesNotFitError
    if slope == 1:
        wrapped = values.view(np.int16)  # sums that fit are right modulo 2**16 on the way
        np.add(wrapped, np.array(intercept & 0xFFFF, np.uint16).view(np.int16), out=out)
    else:
        out[...] = values.astype(np.int64) * slope + intercept


def rescale_to_float32(
    values: NDArray[np.int16] | NDArray[np.uint16], rescale: Rescale, out: NDArray[np.float32]
) -> None:
    """Write the rescaled values of a slice to `out`, computed in double precision."""
    out[...] = values * np.float64(rescale.slope) + rescale.intercept
