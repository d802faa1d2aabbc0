"""Names, as people give them and the others see them."""

import unicodedata
from typing import Final

MAX_NAME: Final = 60


def acceptable_name(given: object) -> str | None:
    r"""Return a name without surplus spaces, or None for what is no name.

    Examples
    --------
    >>> acceptable_name("  Ana   Reis ")
    'Ana Reis'
    >>> acceptable_name("Ana\tReis") is None
    True
    """
    if not isinstance(given, str) or any(unicodedata.category(it) == "Cc" for it in given):
        return None
    name = " ".join(given.split())
    return name if 1 <= len(name) <= MAX_NAME and name.isprintable() else None
