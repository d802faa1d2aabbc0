"""The plan that a room shares, as records made of events."""
