"""Claims, one family a module: the statements that experiments test, and their verdicts."""
