"""Bind the plan to what the panels draw."""
