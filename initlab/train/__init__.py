"""Training: the compiled loop, the devices it runs on, and the records that come of it."""
