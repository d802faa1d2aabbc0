"""Errors of sample_data.

::

    SampleDataError
    └── OccupiedFolderError      the folder to write into holds something already
"""


class SampleDataError(Exception):
    """Say in one sentence what was found and what to do."""


class OccupiedFolderError(SampleDataError):
    """The folder to write into is no empty folder."""
