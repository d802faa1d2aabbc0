"""Errors of imaging.

::

    ImagingError                 code "imaging"
    ├── SourceError              the path: missing, unreadable, holds no DICOM
    ├── RefusedSeriesError       a series that is no regular volume; `code` names why
    ├── RefusedFileError         a file that is broken or hostile
    ├── WorkerError              the worker process died or passed a limit
    ├── ConflictError            two instances with one name and different pixels
    ├── LandmarkError            picked points that make no anatomical frame
    ├── PairedPointsError        picked pairs of points that say of no rigid motion
    ├── RegistrationFailedError  two volumes whose place to each other cannot be found
    ├── UnregisteredFramesError  two frames of reference that no registration links
    └── CatalogError             the catalogue: unreadable, or without what was asked for
"""


class ImagingError(Exception):
    """Say in one sentence what was found, where, and what to do.

    Parameters
    ----------
    message : str
        The sentence; never holds a patient's name, id, date or free text.
    code : str
        A stable word for programs, for example ``"missing_slice"``.
    """

    def __init__(self, message: str, code: str = "imaging") -> None:
        super().__init__(message)
        self.code = code


class SourceError(ImagingError):
    """The given path is missing, unreadable, or holds no DICOM instance."""


class RefusedSeriesError(ImagingError):
    """A series is not a regular volume."""


class RefusedFileError(ImagingError):
    """A file is cut short, broken or hostile."""


class ConflictError(ImagingError):
    """What is stored already contradicts what was to be stored; nothing was overwritten."""


class WorkerError(ImagingError):
    """The worker process died or passed its memory or time limit."""


class LandmarkError(ImagingError):
    """Points that were picked make no anatomical frame."""


class PairedPointsError(ImagingError):
    """Pairs of picked points do not say how one volume lies in another."""


class RegistrationFailedError(ImagingError):
    """How one volume lies in another was not found, or not found twice the same."""


class UnregisteredFramesError(ImagingError):
    """No registration says how one frame of reference lies in another."""


class CatalogError(ImagingError):
    """The catalogue cannot be read or written, or lacks what was asked for."""
