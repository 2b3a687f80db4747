"""Where first weights come from, how much of them, and how much may move: claims and figures."""

import pandas as pd

from initlab.analysis.best_trials import places_in_grid
from initlab.analysis.claims.another_size import claims_on_another_size
from initlab.analysis.claims.classified_cases import claims_on_classified_cases
from initlab.analysis.claims.codes import claims_on_codes
from initlab.analysis.claims.target_size import (
    claims_on_crossover,
    claims_on_less_data,
    claims_on_needed,
    curves,
    sizes_to_read,
)
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.claims.transfer_controls import claims_on_controls
from initlab.analysis.claims.transfer_curve import claims_on_curve
from initlab.analysis.claims.transfer_layers import (
    best_frozen_to_read,
    claims_on_frozen,
    claims_on_left_out,
)
from initlab.analysis.claims.transfer_starts import (
    Case,
    cases_of,
    claims_on_four_cases,
    claims_on_gaps,
    claims_on_starts,
    claims_on_upper_layers,
)
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.linear_probes import linear_answers
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import select
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy
from initlab.analysis.transfer_arms import SCRATCH, SETTING, as_learned, chosen, whole, with_arms
from initlab.figures.drawings.transfer import (
    arms_of_cases,
    by_images,
    codes_by_layer,
    controls_of_cases,
    first_variances,
    frozen_by_case,
    layer_curve,
)
from initlab.store.query import Results

SIMILAR = "fashion"  # the data set of the source's kind
VALIDATION = "validation_accuracy"
ANSWER = (
    (
        "Few similar images: does a linear classifier on the top layer end above fine-tuning all? "
        "{judged[case-few-similar]}; percentage points more: {percent[case-few-similar]}.",
        "Many similar ones: does fine-tuning all end above the linear classifier? "
        "{judged[case-many-similar]}; {percent[case-many-similar]}.",
        "Few different ones: does a linear classifier on a middle layer end above one on the top? "
        "{judged[case-few-different]}; {percent[case-few-different]}.",
        "Many different ones: does a pretrained start end above chance all the same? "
        "{judged[case-many-different]}; {percent[case-many-different]}.",
        "And where the classifier is a support vector machine or softmax regression on codes? "
        "{judged[classified-]}; {points[classified-]}.",
    ),
    (
        "Are fine-tuned pretrained nets better than nets from scratch? {judged[tuned-]}; "
        "percentage points more: {percent[tuned-]}.",
        "Are linear classifiers on fixed features? {judged[top-]}; {percent[top-]}.",
        "Is fine-tuning the upper layers better than all or none? {judged[upper-]}; "
        "{percent[upper-]}.",
        "Do fewer retrained layers guard against over-fitting? {judged[gap-]}; percentage points "
        "that the gap is narrower: {percent[gap-]}.",
    ),
    (
        "Do pretrained weights gain more where images are fewer? {judged[less-data-]}; percentage "
        "points more: {points[less-data-]}.",
        "Does a net from scratch need more images for the same accuracy? {judged[needed-]}; times "
        "as many: {factors[needed-]}.",
        "Do fixed features lead on few images, and nets from scratch on many? "
        "{judged[crossover-top]}; percentage points by which they do: {points[crossover-top]}. "
        "Fine-tuned nets on few, and nets from scratch on many? {judged[crossover-tuned]}; "
        "{points[crossover-tuned]}.",
    ),
    (
        "Are pretrained weights better than random ones of their mean and variance? "
        "{judged[control-moment]}; percentage points more: {percent[control-moment]}. Than the "
        "same shuffled? {judged[control-shuffled]}; {percent[control-shuffled]}. Than "
        "orthogonal ones? {judged[control-orthogonal]}; {percent[control-orthogonal]}.",
    ),
    (
        "Do the codes of the top layer have to be rectified for a linear classifier? "
        "{judged[rectified-]}; percentage points more: {percent[rectified-]}. Are pretrained codes "
        "better than random ones? {judged[codes-]}; {percent[codes-]}.",
    ),
    (
        "Are fewer layers best frozen for more different data? {judged[fewer-different-]}; layers "
        "fewer: {each[fewer-different-]}.",
        "For more data? {judged[fewer-many-]}; {each[fewer-many-]}.",
    ),
    (
        "Is the first layer general? {judged[general]}; percentage points that it loses frozen: "
        "{percent[general]}.",
        "Are later layers specific? {judged[specific]}. Are middle layers co-adapted? "
        "{judged[co-adapted]}. Do layers of other classes, fine-tuned, end above from scratch? "
        "{judged[above-base-]}. Do frozen ones end above random ones? {judged[above-random-]}.",
        "Does it cost test accuracy to take out a middle layer? {judged[left-out-]}; percentage "
        "points: {points[left-out-]}.",
        "Do pretrained convolutions run on images of another size? {judged[another-size-]}; test "
        "accuracy of a linear classifier on them, fixed: {spread[another-size-]}.",
    ),
)
READ = (
    "Each arm: the data set, how many images train, which layers are taken and frozen, the "
    "learning rate of the highest mean validation accuracy and where it lies among those that were "
    "tried (at an end a better one may lie beyond), means over seeds of accuracies at the end (a "
    "diverged run: a guess), and the gap, training accuracy less test accuracy."
)
CODES = (
    "Linear classifiers of scikit-learn on the layers of nets that are not trained further: test "
    "accuracy, mean over seeds, by what the weights are, the layer, whether it is rectified, and "
    "whether all places or their mean are taken."
)
FROZEN = (
    "How many first layers of a pretrained net are best frozen, by validation accuracy: the number "
    "of the highest mean over seeds, and the mean of each seed's own, with the ends of its 95 % "
    "interval."
)
SIZES = (
    "Similar images: mean test accuracy by how many train, from scratch, of a fine-tuned "
    "pretrained net and of a linear classifier on its top layer, and how much more these have."
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    every, records = with_arms(results.runs), results.steps
    runs = every[every["steps"] > 0]
    if runs.empty or not records[VALIDATION].notna().any():
        return no_findings()
    values = {
        "train_accuracy": late_accuracy(runs, records),
        VALIDATION: final_accuracy(runs, records, statistic=VALIDATION),
        "test_accuracy": final_accuracy(runs, records),
    }
    best = chosen(runs, values[VALIDATION])
    own = as_learned(best)
    by_size = curves(own, values["test_accuracy"], SIMILAR)
    cases = cases_of(best, SIMILAR)
    probed = every[every["steps"] == 0]
    answers = linear_answers(probed, results.arrays_of(probed["run_id"]).__getitem__)
    start = results.read_layers(
        ["run_id", "step", "layer", "site", "layer_name", FORWARD], filters=[("step", "==", 0)]
    )
    return told_findings(
        claims(best, values, answers, cases, by_size),
        drawings(best, values, answers, start, cases),
        ANSWER,
        Listing("arms", READ, arms_to_read(runs, best, values)),
        Listing("frozen", FROZEN, best_frozen_to_read(own, values[VALIDATION], cases)),
        Listing("sizes", SIZES, sizes_to_read(by_size)),
        Listing("codes", CODES, codes_to_read(answers)),
    )


def claims(
    best: pd.DataFrame,
    values: dict[str, "pd.Series[float]"],
    answers: pd.DataFrame,
    cases: list[Case],
    by_size: dict[str, dict[int, "pd.Series[float]"]],
) -> list[Claim]:
    """Returns all claims."""
    own, test = as_learned(best), values["test_accuracy"]
    found = [
        *claims_on_four_cases(own, test, cases),
        *claims_on_classified_cases(own, test, answers, cases),
        *claims_on_starts(own, test, cases),
        *claims_on_upper_layers(own, test, cases),
        *claims_on_gaps(own, values, cases),
        *claims_on_less_data(own, test, cases),
        *claims_on_needed(by_size),
        *claims_on_crossover(by_size),
        *claims_on_controls(best, test, cases),
        *claims_on_codes(answers, cases),
        *claims_on_frozen(own, values[VALIDATION], cases),
        *claims_on_another_size(own, test, cases),
    ]
    for case in learned(cases):
        here = select(own, dataset=case.dataset, images=case.images)
        found += claims_on_curve(here, test)
        found += claims_on_left_out(own, values, case)
    return found


def drawings(
    best: pd.DataFrame,
    values: dict[str, "pd.Series[float]"],
    answers: pd.DataFrame,
    start: pd.DataFrame,
    cases: list[Case],
) -> list[Drawing]:
    """Returns all figures."""
    own, test = as_learned(best), values["test_accuracy"]
    ends = {name: values[name] for name in ("train_accuracy", "test_accuracy")}
    shown = [
        *arms_of_cases(own, cases, ends),
        *controls_of_cases(best, cases, ends),
        *frozen_by_case(own, cases, test),
        *by_images(select(whole(own), dataset=SIMILAR), test),
    ]
    for case in learned(cases):
        shown += layer_curve(own, case, test)
        both = whole(select(own, dataset=case.dataset, images=case.images))
        both = both[(both["frozen"] == 0) & both["copied"].isin([0, both["depth"].max() - 1])]
        weights = both["source"].map({SCRATCH: "random"}).fillna("pretrained")
        shown += first_variances(both.assign(weights=weights), start, by="weights")
    return [*shown, *codes_by_layer(answers, cases)]


def learned(cases: list[Case]) -> list[Case]:
    """Returns the case of the most images of the source's kind."""
    return [case for case in cases if case.similar][-1:]


def arms_to_read(
    runs: pd.DataFrame, best: pd.DataFrame, values: dict[str, "pd.Series[float]"]
) -> pd.DataFrame:
    """Returns one row an arm, rounded for reading."""
    among = best["run_id"].map(places_in_grid(runs, best, SETTING))
    scored = best.assign(
        among=among, **{name: best["run_id"].map(one) for name, one in values.items()}
    )
    scored["gap"] = scored["train_accuracy"] - scored["test_accuracy"]
    order = ["dataset", "images", "depth", "copied", "frozen", "source", "control"]
    scored = scored.sort_values(order, ascending=[False, *[True] * 6], kind="stable")
    fields = ["dataset", "images", "arm", "learning_rate", "among"]
    rows = scored.groupby(fields, sort=False)[[*values, "gap"]].mean().round(3).reset_index()
    short = {name: name.removesuffix("_accuracy") for name in values}
    return rows.rename(columns={"learning_rate": "rate", **short})


def codes_to_read(answers: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a kind of weights, layer and form, rounded for reading."""
    fields = ["dataset", "images", "source", "layer", "form", "places"]
    wide = answers.pivot_table(index=fields, columns="kind", values="value", sort=False)
    return wide.round(3).reset_index().rename_axis(columns=None)
