"""Architectures as descriptions of layers: what is built, counted and predicted from one text."""
