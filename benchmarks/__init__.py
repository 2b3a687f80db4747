"""How fast the laboratory is: one question a module, answered by ratios within one process."""
