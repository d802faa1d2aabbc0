"""Scripts for those who build Commissure."""
