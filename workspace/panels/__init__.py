"""Panels of the page: each draws state that it is given."""
