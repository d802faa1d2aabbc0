"""Tests of imaging.volume_store."""
