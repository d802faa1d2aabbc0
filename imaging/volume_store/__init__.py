"""Volumes on disk as OME-Zarr, written while they are imported, and the originals beside them."""
