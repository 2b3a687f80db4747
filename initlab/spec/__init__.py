"""Specifications: what a sweep asks for, validated, hashed and planned, without JAX."""
