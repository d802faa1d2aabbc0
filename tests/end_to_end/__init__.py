"""Real server, real browsers, real disk."""
