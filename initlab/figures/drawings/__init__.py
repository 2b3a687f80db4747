"""What a report shows of signals: from tables of runs to captioned drawings."""
