"""How wide the text of a venue's page is, so that a figure goes into a paper at its own size."""

from typing import Literal, get_args

Venue = Literal["neurips", "icml", "iclr", "jmlr", "tmlr"]
VENUES: tuple[str, ...] = get_args(Venue)


def venue_width(venue: Venue) -> float:
    """Returns the inches that a figure across a venue's whole page is wide, as tueplots has them.

    The sizes of letters stay the house's, 6.5 and 7.5 points, which are read at that width.
    """
    from tueplots import figsizes

    sizes = {
        "neurips": figsizes.neurips2024,
        "icml": figsizes.icml2024_full,
        "iclr": figsizes.iclr2024,
        "jmlr": figsizes.jmlr2001,
        "tmlr": figsizes.tmlr2023,
    }
    return float(sizes[venue]()["figure.figsize"][0])
