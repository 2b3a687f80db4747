"""Transfer: accuracies of the arms, against frozen layers and images, and the first variances."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.claims.transfer_controls import control_arms
from initlab.analysis.claims.transfer_curve import CURVE, curve_arms
from initlab.analysis.claims.transfer_starts import Case
from initlab.analysis.contrasts import choice_table
from initlab.analysis.findings import Drawing
from initlab.analysis.linear_probes import PLACES
from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import FORWARD, depth_profiles
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import SCRATCH, fine_tuned, whole
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.drawings.choices import BEST, accuracies
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.probe_curves import alt_probe_curves, draw_probe_curves

BY_IMAGES = Against("images", "training images", "arm", "dataset", "test accuracy", near=True)


def arms_of_cases(
    own: pd.DataFrame, cases: Sequence[Case], values: Mapping[str, "pd.Series[float]"]
) -> list[Drawing]:
    """Returns the figures of training and test accuracy, one a kind of images, a row an arm.

    Args:
        own: of `transfer_arms.chosen`, controls left out.
        cases: of `cases_of`.
        values: statistic to accuracies by run id.
    """
    shown: list[Drawing] = []
    for figure, of_it in _by_figure(cases).items():
        kept = pd.concat([_told(own, case) for case in of_it])
        what = f"{figure.capitalize()} images ({of_it[0].dataset}), arm by arm"
        shown += _arms(figure, what, kept, values)
    return shown


def controls_of_cases(
    every: pd.DataFrame, cases: Sequence[Case], values: Mapping[str, "pd.Series[float]"]
) -> list[Drawing]:
    """Returns the figures of pretrained weights beside their controls, one a kind of images.

    Args:
        every: of `transfer_arms.chosen`.
        cases: of `cases_of`.
        values: statistic to accuracies by run id.
    """
    shown: list[Drawing] = []
    for figure, of_it in _by_figure(cases).items():
        kept = pd.concat([control_arms(every, case) for case in of_it])
        what = (
            f"{figure.capitalize()} images ({of_it[0].dataset}), pretrained weights and what "
            "shares their moments: random ones matched in mean and variance, the same shuffled, "
            "orthogonal ones"
        )
        shown += _arms(f"controls-{figure}", what, kept, values)
    return shown


def frozen_by_case(
    own: pd.DataFrame, cases: Sequence[Case], test: "pd.Series[float]"
) -> list[Drawing]:
    """Returns the figure of test accuracy against the number of frozen layers, a line a case."""
    tuned = [fine_tuned(_of_case(own, case)).assign(label=case.words) for case in cases]
    if not tuned:
        return []
    kept = pd.concat(tuned)
    return _by_layers(
        "frozen",
        "Test accuracy against the number of frozen layers, the first ones of a net that is "
        f"pretrained but for the readout, {BEST}.",
        _with_values(kept.assign(change=kept["frozen"].astype(float)), test),
        across="frozen layers",
    )


def layer_curve(own: pd.DataFrame, case: Case, test: "pd.Series[float]") -> list[Drawing]:
    """Returns Yosinski's curve: test accuracy against the number of first layers taken."""
    curve = curve_arms(_of_case(own, case))
    label = curve["source"].where(curve["source"] != SCRATCH, "random")
    label += (curve["frozen"] > 0).map({True: ", frozen", False: ", fine-tuned"})
    change = curve["copied"].where(curve["source"] != SCRATCH, curve["frozen"])
    label = label.mask(change == 0, "from scratch")
    return _by_layers(
        CURVE,
        "Yosinski's curve: test accuracy against how many first layers come from a net that "
        f"learned other or the same classes, or are random; the rest is new. {case.words}, {BEST}.",
        _with_values(curve.assign(label=label, change=change.astype(float)), test),
        across="first layers taken",
    )


def codes_by_layer(answers: pd.DataFrame, cases: Sequence[Case]) -> list[Drawing]:
    """Returns what support vector machines on each layer come to, a figure a case.

    Args:
        answers: of `linear_probes.linear_answers`, of `transfer_arms.with_arms`.
        cases: of `cases_of`; those that no classifier was put on are passed over.
    """
    kept = answers[(answers["kind"] == "svm") & (answers["places"] == PLACES[0])]
    weights = kept["source"].map({SCRATCH: "random"}).fillna("pretrained")
    kept = kept.assign(label=weights + ", " + kept["form"], change=kept["layer"].astype(float))
    return [
        one
        for case in cases
        for one in _by_layers(
            f"codes-{case.slug}",
            f"Test accuracy of a linear support vector machine on {case.words}, against the layer "
            "whose codes it has, raw, as they are, or rectified; with the penalty of its highest "
            "validation accuracy.",
            _of_case(kept, case),
            across="layer",
        )
    ]


def by_images(own: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns the figure of test accuracy against the number of images, a line an arm."""
    several = own.groupby(["dataset", "arm"])["images"].transform("nunique") > 2
    kept = own[several]
    if kept.empty:
        return []
    table = choice_table(kept.assign(label=kept["arm"]), {"test_accuracy": test})
    table = table.assign(arm=table["label"], dataset=kept["dataset"].iloc[0])
    return drawing(
        "images",
        f"Test accuracy against the number of training images, {BEST}.",
        table,
        partial(alt_log_curves, how=BY_IMAGES),
        partial(draw_log_curves, how=BY_IMAGES),
    )


def first_variances(own: pd.DataFrame, start: pd.DataFrame, *, by: str) -> list[Drawing]:
    """Returns the figure of mean squares before training, of pretrained and of random nets.

    Args:
        own: one trial each, with what tells them apart.
        start: rows of the `layers` table at step 0.
        by: the column that does.
    """
    if own[by].nunique() < 2:
        return []
    return drawing(
        "variance",
        "Before training: mean square of the preactivations layer by layer, of a net from "
        "scratch and of one whose weights are pretrained but for the readout.",
        depth_profiles(own, start, statistics=(FORWARD,)),
        partial(alt_depth_profile, by=by),
        partial(draw_depth_profile, by=by),
        mean="Geometric mean",
    )


def _by_figure(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """Returns the cases of each figure."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.figure, []).append(case)
    return found


def _of_case(own: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Returns the rows on these images."""
    return select(own, dataset=case.dataset, images=case.images)


def _told(own: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Returns the arms of a case but for those of Yosinski's curve."""
    here = _of_case(own, case)
    part: pd.DataFrame = here[here["depth"] < here["depth"].max()]
    scratch = select(whole(here), source=SCRATCH, frozen=0)
    return pd.concat([scratch, fine_tuned(here), part])


def _arms(
    name: str, what: str, own: pd.DataFrame, values: Mapping[str, "pd.Series[float]"]
) -> list[Drawing]:
    """Returns the figure of training and test accuracy, a row an arm and number of images."""
    if own.empty:
        return []
    ordered = own.sort_values(["images", "frozen", "copied", "depth"], kind="stable")
    labels = ordered["images"].map("{:,}".format) + ": " + ordered["arm"]
    return accuracies(name, what, ordered.assign(label=labels), **values)


def _with_values(own: pd.DataFrame, test: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs with `value`, their test accuracy; of a diverged one none."""
    ended = own["diverged_at_step"].notna()
    return own.assign(value=own["run_id"].map(test).astype("float64").mask(ended))


def _by_layers(name: str, caption: str, own: pd.DataFrame, *, across: str) -> list[Drawing]:
    """Returns the figure of test accuracy against a number of layers, a line each `label`.

    Args:
        name: of the figure.
        caption: what it shows.
        own: with `label`, `change`, the number of layers, and `value`, a test accuracy.
        across: what the number is.
    """
    long = own[["activation", "label", "change", "seed", "run_id", "value"]].assign(
        statistic="test_accuracy", diverged=own["diverged_at_step"].notna()
    )
    if long.empty:
        return []
    table = average(long, log=False).sort_values("change", kind="stable").reset_index(drop=True)
    return drawing(
        name,
        caption,
        table,
        partial(alt_probe_curves, by="label", across=across),
        partial(draw_probe_curves, by="label", across=across, near=True),
    )
