"""Text from files and names, made fit for a terminal."""


def printable(text: str) -> str:
    r"""Returns the text without characters that would command a terminal or reorder its line.

    >>> ascii(printable("a\x1b[2Jb"))
    "'a\\ufffd[2Jb'"
    """
    return "".join(
        char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
