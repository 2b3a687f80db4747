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


def test_pictures_never_fill_the_page_beyond_its_limit(tmp_path):
    files = [[svg(tmp_path / f"{i}.svg", 240_000)] for i in range(20)]
    images = choose_images(files)
    assert [image is None for image in images] == [False] * 15 + [True] * 5
    # Beside them the script has 2 MB at most, and the default sweep's words and tables 0.9.
    assert sum(len(image.address) for image in images if image) < 5_100_000


def test_a_picture_that_no_longer_fits_makes_room_for_a_smaller_one(tmp_path):
    noisy = [svg(tmp_path / "n.svg", 250_001), png(tmp_path / "n.png", noise=200)]
    images = choose_images([noisy] * 7 + [[svg(tmp_path / "s.svg", 1000)]])
    # Noise is 600 kB: six of them, and what is left is enough for a small one.
    assert [image is None for image in images] == [False] * 6 + [True, False]


def test_thumbnail_keeps_the_proportions(tmp_path):
    small = thumbnail(png(tmp_path / "a.png"), 320)
    assert (small.width, small.height) == (320, 64)
    with pytest.raises(OSError, match=r"cannot identify|No such file"):
        thumbnail(tmp_path / "absent.png", 320)
