"""What the scanner gave: space in LPS millimetres, volumes, DICOM in and out."""
