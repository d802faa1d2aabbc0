"""NIfTI, NRRD and MetaImage files: their headers, and the values behind them."""
