import base64
import io

import numpy as np
import pytest
from PIL import Image as Pixels

from initlab.report.images import choose_images, thumbnail


def svg(path, size):
    head = b'<svg xmlns="http://www.w3.org/2000/svg" width="360pt" height="72pt">'
    path.write_bytes(head + b" " * (size - len(head)))
    return path


def png(path, *, noise=0):
    """A picture of five inches by one, with so many rows that nothing makes small."""
    pixels = np.full((200, 1000, 3), 255, np.uint8)
    pixels[:noise] = np.random.default_rng(noise).integers(0, 256, (noise, 1000, 3))
    Pixels.fromarray(pixels).save(path)
    return path


def content(image):
    return base64.b64decode(image.address.partition(",")[2])


def test_picture_is_a_small_svg_and_else_the_pixels_of_the_png(tmp_path):
    small = [svg(tmp_path / "a.svg", 250_000), png(tmp_path / "a.png")]
    large = [svg(tmp_path / "b.svg", 250_001), png(tmp_path / "b.png", noise=3)]
    first, second = choose_images([small, large])
    assert first.address.startswith("data:image/svg+xml;base64,PHN2")
    assert content(first).startswith(b"<svg")
    assert second.address.startswith("data:image/webp;base64,")
    assert (first.width, first.height) == (second.width, second.height) == (625, 125)
    with Pixels.open(io.BytesIO(content(second))) as shown, Pixels.open(large[1]) as drawn:
        assert np.array_equal(np.asarray(shown.convert("RGB")), np.asarray(drawn))


def test_thumbnail_keeps_the_proportions(tmp_path):
    small = thumbnail(png(tmp_path / "a.png"), 320)
    assert (small.width, small.height) == (320, 64)
    with pytest.raises(OSError, match=r"cannot identify|No such file"):
        thumbnail(tmp_path / "absent.png", 320)
