"""One image plane as its header describes it, before anybody judges it."""

from dataclasses import dataclass, replace
from pathlib import Path

from imaging.grey_window import GreyWindow
from imaging.identity import NOBODY, SourceIdentity
from imaging.space import Vector

UNDEFINED_LENGTH = 0xFFFFFFFF
"""Length of encapsulated (compressed) pixel data, DICOM PS3.5, A.4."""


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How the stored values lie in the file."""

    rows: int
    """Of this plane; of a mosaic's tile, not of the whole mosaic."""
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    samples_per_pixel: int
    photometric_interpretation: str
    frames: int
    """NumberOfFrames of the instance."""

    @property
    def frame_bytes(self) -> int:
        """Size of one uncompressed plane, bytes."""
        return self.rows * self.columns * self.samples_per_pixel * self.bits_allocated // 8


@dataclass(frozen=True, slots=True)
class Tile:
    """Which part of a stored frame the plane is: one of the small slices of a mosaic."""

    row: int
    """First row within the stored frame."""
    column: int
    frame_rows: int
    """Rows of the whole stored frame."""
    frame_columns: int


@dataclass(frozen=True, slots=True)
class PixelPlace:
    """Where the pixel data lie in the file."""

    transfer_syntax: str
    """UID; for a file without file meta the encoding that was found."""
    offset: int
    """First byte of the value of PixelData, or -1 where there are no pixel data."""
    length: int
    """Length of the value, bytes, or `UNDEFINED_LENGTH`."""
    file_bytes: int
    """Size of the file, or of the data set once inflated."""
    frame: int = 0
    """Which of the stored frames, from 0."""
    tile: Tile | None = None


@dataclass(frozen=True, slots=True)
class Rescale:
    """The Modality LUT's linear form, DICOM PS3.3, C.11.1."""

    slope: float
    intercept: float
    rescale_type: str
    present: bool
    """Whether the file says so; else slope 1 and intercept 0 were taken."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One plane: a single-frame instance, a frame of a multi-frame one, a tile of a mosaic."""

    file: Path
    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str
    series_uid: str
    modality: str
    description: str
    image_type: tuple[str, ...]
    frame_of_reference_uid: str
    position: Vector | None
    """ImagePositionPatient, mm."""
    orientation: tuple[float, ...] | None
    """ImageOrientationPatient: the direction of a row, then of a column."""
    pixel_spacing: tuple[float, ...] | None
    """PixelSpacing, mm: between rows (along j), then between columns (along i)."""
    slice_thickness_mm: float | None
    acquired_on: str
    contrast: tuple[tuple[str, str], ...]
    """(keyword, value) of what tells two volumes in one series apart: echo, phase, kernel."""
    pixels: PixelFormat
    place: PixelPlace
    rescale: Rescale
    has_modality_lut: bool
    padding: tuple[int, int] | None
    """Lowest and highest stored value that mean "no measurement", inclusive."""
    order: tuple[tuple[str, str], ...] = ()
    """(keyword, value) of when it was taken: acquisition, trigger, instance number."""
    identity: SourceIdentity = NOBODY
    is_lossy: bool = False
    """LossyImageCompression: values were changed on the way, whatever the transfer syntax now."""
    foreign_preamble: bool = False
    """The 128 bytes before the file meta hold neither zeros nor a TIFF: a program, perhaps."""
    window: GreyWindow | None = None
    """How it asks to be shown, in units after rescale."""

    @property
    def is_localizer(self) -> bool:
        """Whether this is a scout view that plans the others."""
        return "LOCALIZER" in self.image_type

    @property
    def is_encapsulated(self) -> bool:
        """Whether the pixel data are a stream of fragments."""
        return self.place.length == UNDEFINED_LENGTH

    @property
    def is_cut_short(self) -> bool:
        """Whether the file ends before its pixel data do."""
        place = self.place
        if place.offset < 0:
            return True
        if self.is_encapsulated:
            return place.offset + 16 > place.file_bytes
        one, tile = self.pixels.frame_bytes, place.tile
        if tile is not None:
            whole = replace(self.pixels, rows=tile.frame_rows, columns=tile.frame_columns)
            one = whole.frame_bytes
        needed = max(place.length, one * self.pixels.frames)
        return place.length < needed - 1 or place.offset + needed > place.file_bytes
