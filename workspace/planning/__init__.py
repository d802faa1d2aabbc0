"""Geometry of a rehearsed operation, computed in worker processes."""
