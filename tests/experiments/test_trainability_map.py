import math

import pytest

from initlab.analysis.depth_scales import CORRELATION
from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "trainability_map"
DEPTHS = (10, 20, 40, 80)
VARIANCES = (1.0, 1.5, 1.8, 2.0, 2.2, 2.6)


def relu_map(reach, *, variances=VARIANCES, depths=DEPTHS, seeds=5, longest=60, **fields):
    """Relu networks that train up to `reach` depth scales, and to `longest` layers at most."""
    return [
        trial(
            depth=depth,
            width=96,
            initializer=f"fan_in_normal(weight_variance={variance})",
            seeds=seeds,
            records={
                "train_accuracy": 0.9 if depth < min(reach * scale(variance), longest) else 0.1
            },
            predictions={
                FORWARD: [(variance / 2) ** layer for layer in range(depth)],
                CORRELATION: [0.5] * depth,
                BACKWARD: [(variance / 2) ** (depth - layer) for layer in range(depth)],
            },
            **fields,
        )
        for variance in variances
        for depth in depths
    ]


def scale(variance):
    return math.inf if variance == 2.0 else 1 / abs(math.log(variance / 2))


def test_networks_that_train_to_six_scales_support_what_theory_says(tmp_path):
    found = verdicts(NAME, publish(tmp_path / "r", *relu_map(6)))
    assert found == {
        "reach-relu-below": "supported",
        "reach-relu-above": "supported",
        "beyond-relu": "supported",
        "inside-relu": "supported",
        "any-depth-relu": "refuted",  # none of these trains beyond 60 layers
        "order-relu": "supported",
        "deepest-relu": "supported",
    }


@pytest.mark.parametrize(("reach", "wrong"), [(1.5, "inside-relu"), (30, "beyond-relu")])
def test_networks_that_train_to_other_depths_refute_it(tmp_path, reach, wrong):
    found = verdicts(NAME, publish(tmp_path / "r", *relu_map(reach, longest=200)))
    assert found["reach-relu-below"] == found["reach-relu-above"] == found[wrong] == "refuted"


def test_reach_is_measured_in_scales(tmp_path):
    # At 1.8 and at 2.2 networks train at a depth of 20, and 40 is not far enough for the other two.
    path = publish(tmp_path / "r", *relu_map(3, variances=(1.5, 1.8, 2.0, 2.2, 2.6)))
    of_it = {claim.id: claim for claim in trials(NAME, path)}
    between = [math.sqrt(10 * 20), math.sqrt(20 * 40)]
    below = math.sqrt(between[0] / scale(1.5) * between[1] / scale(1.8))
    assert of_it["reach-relu-below"].measured == pytest.approx(below)


def test_networks_that_train_deepest_off_the_critical_point_refute_that(tmp_path):
    shifted = relu_map(6, variances=(1.5, 1.8, 2.0, 2.2))
    shifted += [one | {"records": {"train_accuracy": 0.9}} for one in relu_map(6, variances=(2.6,))]
    assert verdicts(NAME, publish(tmp_path / "r", *shifted))["deepest-relu"] == "refuted"


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


def test_two_seeds_support_nothing(tmp_path):
    found = verdicts(NAME, publish(tmp_path / "r", *relu_map(6, seeds=2)))
    assert set(found.values()) == {"inconclusive"}


def test_a_partial_grid_leaves_out_what_it_cannot_say(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", *relu_map(6, variances=(1.5,), depths=(10,))))
    assert {claim.id for claim in found.claims} == {"inside"}


def test_without_predictions_there_is_no_map(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", trial(records={"train_accuracy": 0.9})))
    assert found.answer == ("The runs hold nothing that a claim is about.",)
    assert found.drawings == ()


def test_every_drawing_draws_and_diverged_cells_are_hatched(tmp_path):
    ended = {"diverged_at_step": 1, "status": "diverged"}
    path = publish(
        tmp_path / "r",
        *relu_map(6, variances=(1.5, 2.0)),
        *relu_map(6, variances=(2.6,), **ended),
    )
    found = findings(NAME, path)
    assert not_drawn(found) == []
    (drawing,) = found.drawings
    assert "n = " in drawing.caption
    ax = drawing.draw(drawing.table).axes[0]
    hatched = [patch for patch in ax.patches if patch.get_hatch()]
    assert len(hatched) == len(DEPTHS)
    assert len(ax.patches) == 3 * len(DEPTHS)
