"""The catalogue of volumes."""
