"""Turn the paths that a person gives into regular files to look at."""
