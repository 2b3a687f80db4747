"""Analysis: from the store's tables to one row for each drawn thing, with its interval."""
