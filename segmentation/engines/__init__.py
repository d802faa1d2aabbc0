"""Ways to find a structure in a volume, one module each."""
