"""What an archive, a citation manager, a search engine and a reviewer read of a report."""
