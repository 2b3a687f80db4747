"""What a label may hold, and readers for what came of it."""

import unicodedata
from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></table><h1>taken</h1>",
    "</td><td>",
    "{{ 7 * 7 }}{% include 'x' %}",
    r"$\frac$",
    "nul\0byte",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://example.org\x07link\x1b]8;;\x07",
    "\x9b2J",
    "lone \ud800 surrogate",
    "\u202egnitirw\u2066",
    "a\u200eb\u200fc\u061cd",
    "sp\u200bli\u2060t\u00ad",
    "tag\U000e0041\ufff9",
    "=1+1",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\uff1d1+1",
    "a|b\nc\r\nd",
    "lone } brace",
    "[x](javascript:alert(1)) `code` *b* __u__",
    r"\input{/etc/passwd} & 100% #1 ~^_ {}",
    "x" * 300,
)
SEEN = "\t\n\u200c\u200d"  # tabs and line ends, and the joiners of letters
VOID = {"meta", "link", "img", "input", "br", "hr"}


class Page(HTMLParser):
    """Reads a page and refuses elements that do not close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def has_control(text: str) -> bool:
    """Tells whether a text holds what nobody sees, by Unicode's own categories."""
    return any(unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in {*text} - {*SEEN})
