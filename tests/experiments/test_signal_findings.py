import math

import numpy as np
import pytest

from initlab.analysis.profiles import BACKWARD, FORWARD

from .signals import NAME, signal, units, verdicts
from .tables import findings, not_drawn, publish, trial


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_everything_diverged_at_once(tmp_path):
    gone = trial(
        layers={FORWARD: math.inf, BACKWARD: math.nan},
        records={"train_loss": math.nan},
        initializer="normal(stddev=1)",
        diverged_at_step=0,
        status="diverged",
    )
    found = findings(NAME, publish(tmp_path / "r", gone))
    assert not [claim for claim in found.claims if claim.verdict == "supported"]
    fates = found.listings[0].table
    assert fates["backward"].tolist() == ["no number: the forward pass overflows"]
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes


@pytest.mark.parametrize("activation", ["sigmoid", "selu"])
def test_a_partial_grid_leaves_out_what_it_cannot_say(tmp_path, activation):
    path = publish(tmp_path / "r", signal(0.9, depth=2, activation=activation, seeds=2))
    ids = set(verdicts(path))
    assert not {name for name in ids if name.startswith(("factor-", "elu-", "favours", "vanishes"))}
    assert f"no-preference-he-normal-{activation}-depth-2" in ids


def test_what_varies_beside_the_grid_is_held_and_said(tmp_path):
    path = publish(
        tmp_path / "r",
        signal(1.0, learning_rate=0.1),
        signal(0.5, learning_rate=0.1, initializer="lecun_normal"),
        signal(3.0, learning_rate=0.5),
    )
    found = findings(NAME, path)
    assert verdicts(path)["factor-forward-he-normal"] == "supported"
    captions = {drawing.name: drawing.caption for drawing in found.drawings}
    assert "learning rate 0.1" in captions["factors"]


def test_every_drawing_draws_and_every_claim_has_its_own_id(tmp_path):
    def ratio(seed, step, layer):
        return 0.1 * layer

    path = publish(
        tmp_path / "r",
        *[
            signal(factor, depth=depth, activation=activation, initializer=label,
                   more={"update_to_weight_ratio": ratio, "kernel_min": -1, "kernel_max": 1,
                         "kernel_mean": 0, "kernel_variance": 0.1})
            for depth in (5, 20)
            for activation in ("relu", "tanh")
            for label, factor in (("he_normal", 1.0), ("normal(stddev=0.01)", 0.01))
        ],
        units(0.3, inputs="raw"),
    )  # fmt: skip
    found = findings(NAME, path)
    assert len({claim.id for claim in found.claims}) == len(found.claims) > 10
    assert max(len(claim.predicted) for claim in found.claims) < 60
    table = next(listing for listing in found.listings if listing.name == "trials").table
    assert set(table["claim"]) < {claim.id for claim in found.claims}
    assert len(found.answer) >= 3
    assert not_drawn(found) == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
    weights = next(listing for listing in found.listings if listing.name == "weights")
    assert set(weights.table["when"]) == {"before", "after"}
    assert np.allclose(weights.table["greatest"], 1)
