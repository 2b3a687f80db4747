"""Where first weights come from, how much of them, and how much may move: claims and figures."""

import pandas as pd

from initlab.analysis.claims.codes import claims_on_codes
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.claims.transfer_layers import (
    claims_on_curve,
    claims_on_frozen,
    claims_on_left_out,
    curve_arms,
)
from initlab.analysis.claims.transfer_starts import (
    Case,
    cases_of,
    claims_on_four_cases,
    claims_on_gaps,
    claims_on_less_data,
    claims_on_starts,
)
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.linear_probes import PLACES, linear_answers
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import select
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy
from initlab.analysis.transfer_arms import SCRATCH, chosen, fine_tuned, whole, with_arms
from initlab.figures.drawings.choices import BEST
from initlab.figures.drawings.transfer import arms, by_images, by_layers, first_variances
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
    ),
    (
        "Are fine-tuned pretrained nets better than nets from scratch? {judged[tuned-]}; "
        "percentage points more: {percent[tuned-]}.",
        "Are linear classifiers on fixed features? {judged[top-]}; {percent[top-]}.",
        "Do pretrained weights gain more where images are fewer? {judged[less-data-]}; "
        "{each[less-data-]}.",
        "Do fewer retrained layers guard against over-fitting? {judged[gap-]}; percentage points "
        "that the gap is narrower: {percent[gap-]}.",
    ),
    (
        "Do the codes of the top layer have to be rectified for a linear classifier? "
        "{judged[rectified-]}; percentage points more: {percent[rectified-]}. Are pretrained codes "
        "better than random ones? {judged[codes-]}; {percent[codes-]}.",
    ),
    (
        "Are fewer layers best frozen for more different data? {judged[fewer-different-]}; "
        "{each[fewer-different-]}.",
        "For more data? {judged[fewer-many-]}; {each[fewer-many-]}.",
    ),
    (
        "Is the first layer general? {judged[general]}; frozen it loses {spread[general]} of test "
        "accuracy.",
        "Are later layers specific? {judged[specific]}. Are middle layers co-adapted? "
        "{judged[co-adapted]}. Do layers of other classes, fine-tuned, end above from scratch? "
        "{judged[above-base-]}. Do frozen ones end above random ones? {judged[above-random-]}.",
        "Can a middle layer be taken out? It costs test accuracy: {judged[left-out-]}; "
        "{each[left-out-]}.",
    ),
)
READ = (
    "Each arm: the data set, how many images train, how many layers are taken and frozen, the "
    "learning rate of the highest mean validation accuracy, and means over seeds (a diverged run: "
    "a guess)."
)

CODES = (
    "Linear classifiers of scikit-learn on the layers of nets that are not trained further: test "
    "accuracy, mean over seeds, by what the weights are, the layer, whether it is rectified, and "
    "whether all places or their mean are taken."
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
    own = chosen(runs, values[VALIDATION])
    cases = cases_of(own, SIMILAR)
    answers = linear_answers(every[every["steps"] == 0], results.arrays)
    start = results.read_layers(
        ["run_id", "step", "layer", "site", "layer_name", FORWARD], filters=[("step", "==", 0)]
    )
    return told_findings(
        [*claims(own, values, cases), *claims_on_codes(answers, SIMILAR)],
        [*drawings(own, values, cases, start), *codes_by_layer(answers)],
        ANSWER,
        Listing("arms", READ, arms_to_read(own, values)),
        Listing("codes", CODES, codes_to_read(answers)),
    )


def claims(
    own: pd.DataFrame, values: dict[str, "pd.Series[float]"], cases: list[Case]
) -> list[Claim]:
    """Returns all claims."""
    test = values["test_accuracy"]
    found = [
        *claims_on_four_cases(own, test, cases),
        *claims_on_starts(own, test, cases),
        *claims_on_less_data(own, test, cases),
        *claims_on_gaps(own, values, cases),
        *claims_on_frozen(own, values[VALIDATION], cases),
    ]
    for case in learned(cases):
        here = select(own, dataset=case.dataset, images=case.images)
        found += claims_on_curve(here, test)
        found += claims_on_left_out(own, values, case)
    return found


def drawings(
    own: pd.DataFrame,
    values: dict[str, "pd.Series[float]"],
    cases: list[Case],
    start: pd.DataFrame,
) -> list[Drawing]:
    """Returns all figures."""
    test = values["test_accuracy"]
    ends = {name: values[name] for name in ("train_accuracy", "test_accuracy")}
    shown: list[Drawing] = []
    for figure in dict.fromkeys(case.figure for case in cases):
        of_it = [case for case in cases if case.figure == figure]
        kept = pd.concat([told_arms(own, case) for case in of_it])
        what = f"{figure.capitalize()} images ({of_it[0].dataset}), arm by arm"
        shown += arms(figure, what, kept, ends)
    tuned = pd.concat([fine_tuned(of_case(own, case)) for case in cases])
    words = {(case.dataset, case.images): case.words for case in cases}
    keys = zip(tuned["dataset"], tuned["images"], strict=True)
    tuned = tuned.assign(label=[words[key] for key in keys], change=tuned["frozen"].astype(float))
    shown += by_layers(
        "frozen",
        "Test accuracy against the number of frozen layers, the first ones of a net that is "
        f"pretrained but for the readout, {BEST}.",
        with_values(tuned, test),
        across="frozen layers",
    )
    shown += by_images(select(whole(own), dataset=SIMILAR), test)
    for case in learned(cases):
        curve = curve_arms(of_case(own, case))
        label = curve["source"].where(curve["source"] != SCRATCH, "random")
        label += (curve["frozen"] > 0).map({True: ", frozen", False: ", fine-tuned"})
        change = curve["copied"].where(curve["source"] != SCRATCH, curve["frozen"])
        label = label.mask(change == 0, "from scratch")
        shown += by_layers(
            "layers",
            "Yosinski's curve: test accuracy against how many first layers come from a net that "
            f"learned other or the same classes, or are random; the rest is new. {case.words}, "
            f"{BEST}.",
            with_values(curve.assign(label=label, change=change.astype(float)), test),
            across="first layers taken",
        )
        both = whole(of_case(own, case))
        both = both[(both["frozen"] == 0) & both["copied"].isin([0, both["depth"].max() - 1])]
        shown += first_variances(both, start)
    return shown


def codes_by_layer(answers: pd.DataFrame) -> list[Drawing]:
    """Returns what support vector machines on each layer come to, a figure a kind of images."""
    kept = answers[(answers["kind"] == "svm") & (answers["places"] == PLACES[0])]
    weights = kept["source"].map({SCRATCH: "random"}).fillna("pretrained")
    kept = kept.assign(label=weights + ", " + kept["form"], change=kept["layer"].astype(float))
    shown: list[Drawing] = []
    for dataset, of_it in kept.groupby("dataset", sort=False):
        most = of_it[of_it["images"] == of_it["images"].max()]
        kind = "similar" if dataset == SIMILAR else "different"
        shown += by_layers(
            f"codes-{kind}",
            f"Test accuracy of a linear support vector machine on {most['images'].iloc[0]:,} "
            f"{kind} images, against the layer whose codes it has, as they are or rectified; with "
            "the penalty of its highest validation accuracy.",
            most,
            across="layer",
        )
    return shown


def codes_to_read(answers: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a kind of weights, layer and form, rounded for reading."""
    fields = ["dataset", "images", "source", "layer", "form", "places"]
    wide = answers.pivot_table(index=fields, columns="kind", values="value", sort=False)
    return wide.round(3).reset_index().rename_axis(columns=None)


def learned(cases: list[Case]) -> list[Case]:
    """Returns the case of the most images of the source's kind."""
    return [case for case in cases if case.similar][-1:]


def with_values(own: pd.DataFrame, test: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs with `value`, their test accuracy; of a diverged one none."""
    ended = own["diverged_at_step"].notna()
    return own.assign(value=own["run_id"].map(test).astype("float64").mask(ended))


def of_case(own: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Returns the arms on these images."""
    return select(own, dataset=case.dataset, images=case.images)


def told_arms(own: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Returns the arms of a case but for those of Yosinski's curve."""
    here = of_case(own, case)
    part = here[here["depth"] < here["depth"].max()]
    scratch = select(whole(here), source=SCRATCH, frozen=0)
    return pd.concat([scratch, fine_tuned(here), part])


def arms_to_read(own: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> pd.DataFrame:
    """Returns one row an arm, rounded for reading."""
    scored = own.assign(**{name: own["run_id"].map(one) for name, one in values.items()})
    fields = ["dataset", "images", "arm", "copied", "frozen", "learning_rate"]
    rows = scored.groupby(fields, sort=False)[list(values)].mean().round(3).reset_index()
    return rows.rename(columns={"learning_rate": "rate"})
