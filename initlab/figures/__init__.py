"""Figures: each takes a table and axes, and returns the axes."""
