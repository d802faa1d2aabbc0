"""DICOM series in: reading, assembling, decoding."""
