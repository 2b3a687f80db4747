"""Claims on layers of pretrained nets: how many to freeze, and that none may be taken out."""

import operator
from collections.abc import Mapping

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import FROZEN_LAYERS, MIDDLE_LAYER
from initlab.analysis.claims.transfer_starts import QUERY, Case
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval, seeds_at
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import OTHER, fine_tuned


def claims_on_frozen(
    own: pd.DataFrame, validation: "pd.Series[float]", cases: list[Case]
) -> list[Claim]:
    """Returns the claims on the best number of frozen layers, by kind and by number of images.

    Args:
        own: of `transfer_arms.chosen`.
        validation: validation accuracy by run id, by which a seed's best number is chosen.
        cases: of `cases_of`.
    """
    best = {case: best_frozen(own, validation, case) for case in cases}
    by_kind: list[Claim] = []
    by_number: list[Claim] = []
    for few in (True, False):
        kinds = {case.similar: case for case in cases if case.few == few}
        if len(kinds) == 2:
            by_kind += _fewer(
                ("fewer-different", "few" if few else "many"),
                f"Of a pretrained net fewer layers are best frozen for {kinds[False].words} than "
                f"for {kinds[True].words}.",
                best[kinds[True]] - best[kinds[False]],
                "few images" if few else "many images",
            )
    for similar in (True, False):
        sizes = {case.few: case for case in cases if case.similar == similar}
        if len(sizes) == 2:
            by_number += _fewer(
                ("fewer-many", sizes[True].figure),
                f"Of a pretrained net fewer layers are best frozen for {sizes[False].words} than "
                f"for {sizes[True].images:,}.",
                best[sizes[True]] - best[sizes[False]],
                f"{sizes[True].figure} images",
            )
    return [
        *over_trials(("fewer-different",), "The more different the data, the fewer layers are best "
            "frozen", by_kind, worst=operator.neg),
        *over_trials(("fewer-many",), "The more data, the fewer layers are best frozen", by_number,
            worst=operator.neg),
    ]  # fmt: skip


def best_frozen(
    own: pd.DataFrame, validation: "pd.Series[float]", case: Case
) -> "pd.Series[float]":
    """Returns the number of frozen layers of the highest validation accuracy, by seed."""
    here = fine_tuned(select(own, dataset=case.dataset, images=case.images))
    scored = here.assign(score=here["run_id"].map(validation).astype("float64"))
    scored = scored.dropna(subset="score")
    rows = scored.loc[scored.groupby("seed")["score"].idxmax()]
    found: pd.Series[float] = rows.set_index("seed")["frozen"].astype("float64")
    return found


def best_frozen_to_read(
    own: pd.DataFrame, validation: "pd.Series[float]", cases: list[Case]
) -> pd.DataFrame:
    """Returns one row a case: the best number of frozen layers, of the means and seed by seed.

    Args:
        own: of `transfer_arms.chosen`.
        validation: validation accuracy by run id, by which the number is chosen.
        cases: of `cases_of`.
    """
    rows = []
    for case in cases:
        if (best := best_frozen(own, validation, case)).empty:
            continue
        here = fine_tuned(select(own, dataset=case.dataset, images=case.images))
        scores = here["run_id"].map(validation).astype("float64").groupby(here["frozen"]).mean()
        spread = seed_interval(best)
        rows.append(
            {
                "dataset": case.dataset,
                "images": case.images,
                "kind": case.figure,
                "of_means": int(str(scores.idxmax())),
                "by_seed": spread.centre,
                "low": spread.low,
                "high": spread.high,
            }
        )
    columns = ["dataset", "images", "kind", "of_means", "by_seed", "low", "high"]
    return pd.DataFrame(rows, columns=columns).round(2)


def _fewer(
    identity: tuple[str, str], statement: str, fewer: "pd.Series[float]", subject: str
) -> list[Claim]:
    """Returns the claim that fewer layers are best frozen."""
    return positive_claim(
        identity,
        statement,
        fewer,
        source=FROZEN_LAYERS,
        unit="frozen layers fewer",
        figure="frozen",
        query="frozen_layers of the highest validation_accuracy at the last step, of the "
        "pretrained nets of which all but the readout is taken, each number with its best learning "
        "rate; the difference seed by seed",
        subject=(subject,),
    )


def claims_on_left_out(
    own: pd.DataFrame, values: Mapping[str, "pd.Series[float]"], case: Case
) -> list[Claim]:
    """Returns the claim that no middle layer can be taken out, while those on top can.

    Args:
        own: of `transfer_arms.chosen`.
        values: `test_accuracy` by run id.
        case: of the images that were learned.
    """
    test = values["test_accuracy"]
    here = select(own, dataset=case.dataset, images=case.images, source=OTHER)
    linear = here[(here["frozen"] == here["depth"] - 1) & (here["copied"] == here["frozen"])]
    out = linear[linear["left_out"].astype(bool)]
    if out.empty:
        return []
    depth = int(out["depth"].iloc[0])
    kept = linear[~linear["left_out"].astype(bool)]
    less = seeds_at(out, test)
    found: list[Claim] = []
    for other, words in ((depth + 1, "all layers"), (depth, "the top layer left out instead")):
        found += positive_claim(
            ("left-out", words),
            f"Without one of its middle layers a frozen net ends below one with {words}.",
            seeds_at(select(kept, depth=other), test) - less,
            source=MIDDLE_LAYER,
            unit="test accuracy lost",
            figure=case.figure,
            query=f"{QUERY}; linear on the top layer with {words}, less with a middle layer left "
            "out, seed by seed",
            subject=(f"against {words}",),
        )
    return over_trials(
        ("left-out",), "A middle layer of a pretrained net cannot be taken out", found,
        worst=operator.neg,
    )  # fmt: skip
