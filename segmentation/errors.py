"""Errors of segmentation.

::

    SegmentationError
    ├── UnknownEngineError       no such engine, or a key that it does not have
    ├── EmptySegmentError        nothing was found with these parameters
    └── SurfaceError             a surface that is open, or a file that holds none
"""


class SegmentationError(Exception):
    """Say in one sentence what was found and what to do."""


class UnknownEngineError(SegmentationError):
    """There is no such engine, or it has no such key."""


class EmptySegmentError(SegmentationError):
    """Nothing in the volume fits the parameters."""


class SurfaceError(SegmentationError):
    """A surface is not closed, or a file holds no surface."""
