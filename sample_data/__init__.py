"""Phantoms whose right answer is known in closed form."""
