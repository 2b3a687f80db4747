"""Engines: what starts workers and watches over them."""
