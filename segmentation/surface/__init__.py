"""Closed triangle surfaces: extraction, refinement, encoding, file formats."""
