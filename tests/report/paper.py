"""A reader of `report.pdf`: its words, its tags, its fonts and what it says of itself."""

import io

from pypdf import PdfReader


class Paper:
    """A PDF, read."""

    def __init__(self, content: bytes):
        self.reader = PdfReader(io.BytesIO(content), strict=True)
        self.root = self.reader.trailer["/Root"]
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @property
    def text(self):
        return " ".join(self.pages)

    @property
    def tags(self):
        """The kind of each tagged part with its alternative text, in the order of reading."""
        return list(_tags(self.root["/StructTreeRoot"]))

    @property
    def fonts(self):
        """The fonts by name, each with whether it is embedded."""
        found = {}
        for number in range(1, len(self.reader.xref[0]) + 10_000):
            if number not in self.reader.xref[0] and number not in self.reader.xref_objStm:
                continue
            one = self.reader.get_object(number)
            if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor":
                found[one["/FontName"]] = any(f"/FontFile{i}" in one for i in ("", "2", "3"))
        return found


def _tags(part):
    part = part.get_object()
    if isinstance(part, list):
        for one in part:
            yield from _tags(one)
    elif isinstance(part, dict):
        if "/S" in part:
            yield part["/S"], part.get("/Alt")
        if "/K" in part:
            yield from _tags(part["/K"])
