"""Stored values of one frame: where they lie in a file, and how they are unpacked."""
