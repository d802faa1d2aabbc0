"""Whose volumes there are, and where: patient, study, series, volume, with search."""
