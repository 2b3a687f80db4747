"""Text without what a terminal, XML or a reader's eye could be misled by."""

import re

_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # commands: title, hyperlink
    r"|\x1b[ -~]?"
)
# Controls, marks and overrides of the writing direction, and what is there and not seen: soft
# hyphens, spaces and joiners of no width, tags, annotations. The two joiners of letters (U+200C,
# U+200D) stay: words of Persian and Hindi are spelt with them.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Returns `text` without what a terminal, XML or a reader's eye could be misled by.

    Terminal sequences, control characters, marks and overrides of the writing direction, letters
    of no width and lone surrogates go; tabs and line ends stay.
    """
    text = _LINE_END.sub("\n", _TERMINAL.sub("", text))
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub("", text))


def one_line(text: str) -> str:
    """Returns `text` clean and on one line, with single spaces."""
    return " ".join(clean(text).split())
