"""Pages of the documentation that are made: the reference from the code, the gallery from runs."""
