"""Claims on detectors of shapes: where a given one answers, and whether training makes one."""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import CURVE, LEARNED_X
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import exactly
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import correlation_interval, share_interval
from initlab.analysis.planted_shapes import FORMS, answers_to
from initlab.analysis.verdicts import above

ALMOST, SILENT, FOUND = 0.95, 0.1, 0.7
CALLED = {"curve": "a curve", "x": "an X"}
WRITTEN = {"binary": "ones on zeros", "mean_removed": "its mean removed"}
IMAGES = "the test part of `shapes`, which is generated: exact, without seeds"
MATCHES = (
    "arrays first_kernel_final: template_match with the X, greatest over filters, each trial with "
    "the learning rate of its highest mean validation accuracy"
)


def claims_on_answers() -> list[Claim]:
    """Returns the claims that a filter of a shape answers where the shape is, and not elsewhere."""
    pairs = [(shape, form) for shape in CALLED for form in FORMS]
    return [
        *over_trials(("where",), "A filter of a shape answers most where the shape is",
            [_where(*pair) for pair in pairs], worst=operator.neg),
        *over_trials(("silent",), "A filter of a shape answers with next to nothing where it is "
            "not", [_silent(*pair) for pair in pairs], worst=operator.pos),
    ]  # fmt: skip


def _where(shape: str, form: str) -> Claim:
    """The claim that the greatest answer lies where the shape does."""
    share = float(answers_to(shape, form).there.mean())
    name = f"{CALLED[shape]}, {WRITTEN[form]}"
    return make_claim(
        ("where", shape, form),
        f"A filter of {name}, answers most at the very place of the shape, in 95 % of the images "
        "that hold one.",
        source=CURVE,
        predicted=f"above {ALMOST}",
        unit="share of images",
        measured=exactly(share),
        verdict="supported" if share > ALMOST else "refuted",
        figure="detectors",
        query=f"planted_shapes.answers_to on {IMAGES}",
        subject=(name,),
    )


def _silent(shape: str, form: str) -> Claim:
    """The claim that images without the shape are answered with next to nothing."""
    elsewhere = answers_to(shape, form).elsewhere
    name = f"{CALLED[shape]}, {WRITTEN[form]}"
    return make_claim(
        ("silent", shape, form),
        f"A filter of {name}, answers to images without the shape with next to nothing: less than "
        "a tenth of its answer to the shape.",
        source=CURVE,
        predicted=f"below {SILENT}",
        unit="magnitude of answers to noise over that to the shape",
        measured=exactly(elsewhere),
        verdict="supported" if elsewhere < SILENT else "refuted",
        figure="detectors",
        query=f"planted_shapes.answers_to on {IMAGES}",
        subject=(name,),
    )


def claims_on_learned_shapes(before: pd.DataFrame, after: pd.DataFrame) -> list[Claim]:
    """Returns the claims that a filter learns to detect the X, by initializer and width.

    Args:
        before: of `planted_shapes.greatest_matches`, of the X and of random laws.
        after: the same after training.
    """
    learned: list[Claim] = []
    nearer: list[Claim] = []
    for (law, width), runs in after.groupby(["law", "width"], sort=False):
        name = f"{width} filters, {short_name(str(law))}"
        values = runs.set_index("seed")["value"]
        start = before[(before["law"] == law) & (before["width"] == width)].set_index("seed")
        measured = correlation_interval(values)
        learned += [
            make_claim(
                ("learned-x", str(law), str(width)),
                f"With {name}, one of the filters learns to detect an X: its normalized "
                "correlation with the X ends above 0.7.",
                source=LEARNED_X,
                predicted=f"above {FOUND}",
                unit="greatest correlation with the X",
                measured=measured,
                verdict=partial(above, bound=FOUND),
                figure="matches",
                query=MATCHES,
                subject=(name,),
            )
        ]
        nearer += positive_claim(
            ("nearer-x", str(law), str(width)),
            f"With {name}, the nearest filter ends nearer to the X than it began.",
            (values - start["value"]).dropna(),
            source=LEARNED_X,
            unit="greatest correlation with the X, more",
            figure="matches",
            query=f"{MATCHES}, less that of first_kernel_initial, seed by seed",
            subject=(name,),
        )
    return [
        *over_trials(("learned-x",), "One of the filters learns to detect an X", learned,
            worst=operator.neg),
        *over_trials(("nearer-x",), "Training brings the nearest filter nearer to the X", nearer,
            worst=operator.neg),
        *_how_often(after),
    ]  # fmt: skip


def _how_often(after: pd.DataFrame) -> list[Claim]:
    """The claim that most runs of all laws and widths find the X."""
    if after.empty:
        return []
    # Runs of one seed share images and batches: a seed is one number, whatever was run of it.
    shares = (after["value"] > FOUND).astype("float64").groupby(after["seed"]).mean()
    measured = share_interval(shares)
    return [
        make_claim(
            ("often-x",),
            "More often than not training from random finds a filter of the X, over all "
            "initializers and numbers of filters.",
            source=LEARNED_X,
            predicted="above 0.5",
            unit="share of runs whose nearest filter correlates above 0.7 with the X",
            measured=measured,
            verdict=partial(above, bound=0.5),
            figure="matches",
            query=f"{MATCHES}: share above 0.7 of the runs of a seed; mean over seeds",
        )
    ]
