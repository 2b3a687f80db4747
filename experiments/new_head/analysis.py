"""How the new last layers of a pretrained net should begin: claims and figures."""

from functools import partial

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.claims.new_heads import (
    ENDS,
    claims_on_first_loss,
    claims_on_laws,
    claims_on_removed,
    claims_on_zeros,
)
from initlab.analysis.claims.spared_weights import claims_on_movement
from initlab.analysis.claims.telling import no_findings, told_findings
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.measure_table import measure_table
from initlab.analysis.new_heads import (
    HE,
    MOVED,
    TASKS,
    ZEROS,
    by_rate,
    chosen,
    labelled,
    movements,
    with_heads,
)
from initlab.analysis.profiles import FORWARD
from initlab.analysis.reaching import REACHED, bounded, steps_reaching
from initlab.analysis.residual_arms import named
from initlab.analysis.selection import select
from initlab.analysis.trainability import late_accuracy
from initlab.analysis.training import final_accuracy, training_curves
from initlab.figures.drawings.choices import BEST, accuracies
from initlab.figures.drawings.transfer import first_variances
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.measure_rows import alt_measure_rows, draw_measure_rows
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

VALIDATION = "validation_accuracy"
LEVELS = {"cross_entropy": 0.9, "mse": 0.5}  # of training accuracy, that steps are counted to
OVER = 4  # measured steps that make a training accuracy
RATES = Against("learning_rate", "learning rate", "law", "new layers", "test accuracy")
MOVEMENT = Against("learning_rate", "learning rate", "law", "new layers", "relative movement")
ANSWER = (
    (
        "May a new last layer begin at zero? {judged[zero-]}; percentage points of test accuracy "
        "over He's law: {percent[zero-]}.",
        "Do two new layers of zeros never learn, and end at a guess? {judged[stuck-]}; "
        "{each[stuck-]}.",
        "Does a head of zeros begin at the loss of equal probabilities? {judged[starts-zeros]}.",
        "Does one of He's law begin above that loss? {judged[starts-he]}; by {spread[starts-he]}.",
    ),
    (
        "Does He's law end above the others? {judged[best-]}; test accuracy more where one case "
        "alone refutes it: {against[best-]}.",
        "Does He's law need the fewest steps? {judged[sooner-]}; times as many with the others: "
        "{factors[sooner-]}.",
        "Is one removed layer better than two? {judged[removed-]}; percentage points more: "
        "{points[removed-]}.",
    ),
    (
        "Do pretrained filters move less below a head of zeros? {judged[calm-]}; He's moves them "
        "{factors[calm-]} times as far.",
        "Do they move less where they learn more slowly than the head? {judged[slow-]}; "
        "{factors[slow-]} times.",
        "Do nets whose pretrained filters move less end higher? {judged[spared-]}; percentage "
        "points: {points[spared-]}.",
    ),
)
READ = (
    "Each head: the loss, how many layers are new, the law of their weights, what multiplies their "
    "learning rate, the learning rate of the highest mean validation accuracy, means over seeds of "
    "accuracies at the end (a diverged run: a guess) and of the relative movement of the first "
    "layer's filters."
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever heads the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = with_heads(results.runs), results.steps
    if runs.empty or not records[VALIDATION].notna().any():
        return no_findings()
    values = {
        "train_accuracy": late_accuracy(runs, records),
        VALIDATION: final_accuracy(runs, records, statistic=VALIDATION),
        "test_accuracy": final_accuracy(runs, records),
        MOVED: movements(runs, results.arrays_of(runs["run_id"])),
    }
    own = chosen(runs, values[VALIDATION])
    test = values["test_accuracy"]
    first = records[records["step"] == 0].set_index("run_id")["train_loss"].astype("float64")
    steps = pd.concat(
        [
            steps_reaching(select(own, loss=loss), records, accuracy=level, over=OVER)
            for loss, level in LEVELS.items()
        ]
    )
    claims = [
        *claims_on_first_loss(runs, first),
        *claims_on_zeros(own, test),
        *claims_on_laws(own, test, bounded(own, steps)),
        *claims_on_removed(own, test),
        *claims_on_movement(runs, values[MOVED], test),
    ]
    shown = [
        *ends(own, values),
        *reached(own, steps),
        *curves(own, records),
        *rates(runs, test),
        *moved(runs, values[MOVED]),
        *variances(results, own),
    ]
    return told_findings(claims, shown, ANSWER, Listing("heads", READ, heads_to_read(own, values)))


def ends(own: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> list[Drawing]:
    """Returns the accuracies at the end, a figure a loss, a row a head."""
    kept = {name: values[name] for name in ("train_accuracy", "test_accuracy")}
    return [
        one
        for loss, name in ENDS.items()
        for one in accuracies(
            name, f"New heads, {TASKS[loss]}", labelled(select(own, loss=loss)), **kept
        )
    ]


def reached(own: pd.DataFrame, steps: "pd.Series[float]") -> list[Drawing]:
    """Returns the steps to an accuracy, a figure a loss, a row a head."""
    shown: list[Drawing] = []
    for loss, name in ENDS.items():
        here = labelled(select(own, loss=loss))
        there = here.assign(
            kind="head", statistic=REACHED, value=here["run_id"].map(steps).astype("float64")
        )
        shown += drawing(
            f"steps-{name}",
            f"New heads, {TASKS[loss]}: steps to a training accuracy of {LEVELS[loss]:g}, as the "
            f"mean of {OVER} measured steps has it, {BEST}. Runs that never get there are in no "
            "mean, and heads of which none does have no row.",
            measure_table(there.dropna(subset="value"), log=True),
            alt_measure_rows,
            draw_measure_rows,
            mean="Geometric mean",
        )
    return shown


def curves(own: pd.DataFrame, records: pd.DataFrame) -> list[Drawing]:
    """Returns loss and accuracy over steps of one new layer, by its law."""
    here = labelled(select(own, removed=1, multiplier=1.0))
    if here.empty:
        return []
    return drawing(
        "curves",
        "One new layer: training loss (geometric mean) and accuracy over steps by its law, "
        f"{BEST}.",
        named(training_curves(here.assign(activation=here["task"]), records), here, "law"),
        partial(alt_training_curves, by="law"),
        partial(draw_training_curves, by="law"),
    )


def rates(runs: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns test accuracy against the learning rate, a line a law and multiplier."""
    return drawing(
        "rates",
        "Heads of zeros and of He's law: test accuracy at the end against the learning rate, that "
        "of the pretrained layers. A rate with which runs diverged has a cross.",
        by_rate(at_few(runs), test, "test_accuracy"),
        partial(alt_log_curves, how=RATES),
        partial(draw_log_curves, how=RATES),
    )


def moved(runs: pd.DataFrame, movement: "pd.Series[float]") -> list[Drawing]:
    """Returns how far pretrained filters move against the learning rate, likewise."""
    return drawing(
        "movement",
        "Heads of zeros and of He's law: how far training moved the pretrained filters of the "
        "first layer, over their length, against the learning rate, that of the pretrained layers. "
        "An open triangle marks from which rate on a head does not move them at all.",
        by_rate(at_few(runs), movement, MOVED),
        partial(alt_log_curves, how=MOVEMENT),
        partial(draw_log_curves, how=MOVEMENT),
        mean="Geometric mean",
    )


def variances(results: Results, own: pd.DataFrame) -> list[Drawing]:
    """Returns the signal before training of a pretrained net and of one that nobody trained."""
    start = results.read_layers(
        ["run_id", "step", "layer", "site", "layer_name", FORWARD], filters=[("step", "==", 0)]
    )
    random = select(results, initializer=HE).assign(weights="random")
    new = select(own, head=HE, removed=1, multiplier=1.0, loss="cross_entropy")
    return first_variances(
        pd.concat([new.assign(weights="pretrained"), random]), start, by="weights"
    )


def at_few(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with He's law and zeros, which differ most."""
    return runs[runs["head"].isin((HE, ZEROS))]


def heads_to_read(own: pd.DataFrame, values: dict[str, "pd.Series[float]"]) -> pd.DataFrame:
    """Returns one row a head, rounded for reading."""
    scored = own.assign(**{name: own["run_id"].map(one) for name, one in values.items()})
    fields = ["task", "removed", "head", "multiplier", "learning_rate"]
    rows = scored.groupby(fields, sort=False)[list(values)].mean().round(3).reset_index()
    return rows.rename(columns={"learning_rate": "rate"})
