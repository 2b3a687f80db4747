"""Measurements: pure functions of arrays, compiled into the training step."""
