"""The words of the panels, in the language that a page is laid out for. English is the key."""


def t(text: str) -> str:
    """Return a text in the language that is being laid out."""
    return text
