"""How long work says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a label for people ("Reading slices"), steps done, and steps in all."""


def no_progress(label: str, done: int, total: int) -> None:
    """Tell nobody."""
