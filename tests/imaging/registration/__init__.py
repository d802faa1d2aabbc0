"""Registration against transforms that are known."""
