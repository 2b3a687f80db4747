"""How a reader checks a report, in two sentences: for the page, and for reviewers."""

CHECKING = (
    "`initlab verify BUNDLE`, with this report's folder and its results, checks the digest of "
    "every file and computes each claim, and the numbers of each figure and table, again.",
    "`initlab replay RUN_ID`, with an id of `experiment/runs.txt`, runs one run again and compares "
    "its numbers with those recorded: to the last bit with the same versions and device.",
)
