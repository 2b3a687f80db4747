"""Readers of the forms in which people keep image sets: each takes a path and returns `Splits`."""
