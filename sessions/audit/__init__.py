"""The audit trail of a data folder: who opened, saw, changed and took out what."""
