"""Which picture of each figure goes into the page, and how it lies in it."""

import base64
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pixels

_LARGEST_SVG = 250_000
_PIXELS_AN_INCH = 125  # print is read from nearer: 96 would make small letters
_DOTS_AN_INCH = 200  # of a PNG


@dataclass(frozen=True)
class Image:
    """A picture inside the page: its data address, and its size on the screen in pixels."""

    address: str
    width: int
    height: int


def choose_images(figures: Sequence[Sequence[Path]]) -> list[Image]:
    """Returns for each figure, given by its files, the picture that goes into the page.

    It is the SVG up to 250 kB, else the PNG as WebP, pixel for pixel and about half as large.
    """
    return [_picture({path.suffix: path for path in files}) for files in figures]


def thumbnail(png: Path, width: int) -> Image:
    """Returns a PNG made so many pixels wide."""
    with Pixels.open(png) as whole:
        small = whole.convert("RGB")
        small.thumbnail((width, width))
        content = io.BytesIO()
        small.save(content, "WEBP", quality=80, method=4)
        return Image(_address("webp", content.getvalue()), *small.size)


def _picture(files: dict[str, Path]) -> Image:
    """Returns a figure's picture."""
    svg = files.get(".svg")
    if svg is not None and svg.stat().st_size <= _LARGEST_SVG:
        content, kind = svg.read_bytes(), "svg+xml"
        inches = _svg_inches(content)
    else:
        kind = "webp"
        content, inches = _webp(files[".png"])
    width, height = (round(_PIXELS_AN_INCH * length) for length in inches)
    return Image(_address(kind, content), width, height)


def _address(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _webp(png: Path) -> tuple[bytes, tuple[float, float]]:
    """Returns the pixels of a PNG as WebP, and its width and height in inches."""
    with Pixels.open(png) as pixels:
        content = io.BytesIO()
        pixels.convert("RGB").save(content, "WEBP", lossless=True, quality=50, method=4)
        return content.getvalue(), (pixels.width / _DOTS_AN_INCH, pixels.height / _DOTS_AN_INCH)


def _svg_inches(content: bytes) -> tuple[float, float]:
    """Returns width and height of matplotlib's SVG, which gives them in points."""
    root = re.search(rb"<svg [^>]*>", content)
    found = dict(re.findall(rb' (width|height)="([0-9.]+)pt"', root[0])) if root else {}
    return float(found.get(b"width", 486)) / 72, float(found.get(b"height", 324)) / 72
