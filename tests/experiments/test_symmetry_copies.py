import math

import pytest

from .symmetries import CONSTANT, GRADIENT, HALVES, LECUN, NAME, arm, in_one_seed, verdicts
from .tables import findings, publish, trials


@pytest.mark.parametrize(
    ("greatest", "verdict"), [(0.0, "supported"), (in_one_seed(1e-9, 0.0), "refuted")]
)
def test_one_weight_that_moves_refutes_that_zeros_stand_still(tmp_path, greatest, verdict):
    zeros = arm("zeros", kernel_min=0.0, kernel_max=greatest, kernel_gradient_rank=0.0)
    assert verdicts(publish(tmp_path / "r", zeros))["zeros-stand-still-relu"] == verdict


@pytest.mark.parametrize(("late", "verdict"), [(0, "supported"), (1, "refuted")])
def test_zeros_with_sigmoid_learn_a_layer_a_step(tmp_path, late, verdict):
    # Measured at steps 0, 1 and 10: of two weight layers, the first learns at step 1.
    def rank(seed, step, layer):
        return float(step >= 2 - layer + late)

    path = publish(
        tmp_path / "r", arm("zeros", activation="sigmoid", depth=2, kernel_gradient_rank=rank)
    )
    assert verdicts(path)["zeros-learn-downwards-sigmoid"] == verdict


def test_zeros_that_never_learn_refute_it(tmp_path):
    path = publish(
        tmp_path / "r", arm("zeros", activation="sigmoid", depth=2, kernel_gradient_rank=0.0)
    )
    assert verdicts(path)["zeros-learn-downwards-sigmoid"] == "refuted"


def test_when_zeros_learn_is_not_judged_where_ranks_of_the_first_steps_are_missing(tmp_path):
    # Steps 2 and 3 are not measured at all; and of step 1 the rank is not.
    def on_time(seed, step, layer):
        return float(step >= 4 - layer)

    def unknown(seed, step, layer):
        return math.nan if step == 1 else float(step >= 2 - layer)

    path = publish(
        tmp_path / "r",
        arm("zeros", activation="sigmoid", depth=4, kernel_gradient_rank=on_time),
        arm("zeros", activation="softplus", depth=2, kernel_gradient_rank=unknown),
    )
    assert not [name for name in verdicts(path) if name.startswith("zeros-learn-downwards")]


def test_one_constant_as_derived(tmp_path):
    def cancelled(seed, step, layer):
        return 1e-4 if layer == 4 or step else 1e-20

    found = verdicts(publish(tmp_path / "r", arm(CONSTANT, **{GRADIENT: cancelled})))
    assert found["no-gradient-at-first-constant-0-05-relu"] == "supported"
    assert found["one-direction-constant-0-05-relu"] == "supported"
    assert found["copies-constant-0-05-relu"] == "supported"
    said = {claim.id: claim.statement for claim in trials(NAME, tmp_path / "r")}
    assert "every unit of every hidden layer" in said["copies-constant-0-05-relu"]


def test_one_constant_against_what_is_derived(tmp_path):
    path = publish(
        tmp_path / "r",
        arm(
            CONSTANT,
            duplicate_unit_fraction=in_one_seed(0.9, 1.0),
            kernel_gradient_rank=in_one_seed(1.8, 1.0),
        ),
    )
    found = verdicts(path)
    assert found["no-gradient-at-first-constant-0-05-relu"] == "refuted"
    assert found["one-direction-constant-0-05-relu"] == "refuted"
    assert found["copies-constant-0-05-relu"] == "refuted"


@pytest.mark.parametrize("label", [CONSTANT, HALVES])
@pytest.mark.parametrize(
    ("parting", "last", "below"), [(3, "refuted", "supported"), (1, "supported", "refuted")]
)
def test_a_readout_of_its_own_parts_the_last_hidden_layer_alone(
    tmp_path, label, parting, last, below
):
    def parted(seed, step, layer):
        return 0.0 if layer == parting and step else 1.0

    path = publish(
        tmp_path / "r", arm(label, readout_initializer=LECUN, duplicate_unit_fraction=parted)
    )
    found = verdicts(path)
    (of_last,) = [name for name in found if name.startswith("copies-last-")]
    (of_lower,) = [name for name in found if name.startswith("copies-below-")]
    assert (found[of_last], found[of_lower]) == (last, below)


def test_constants_and_halves_with_a_readout_of_their_own_are_answered_apart(tmp_path):
    def parted(layer):
        return lambda seed, step, at: 0.0 if at == layer and step else 1.0

    path = publish(
        tmp_path / "r",
        arm(CONSTANT, readout_initializer=LECUN, duplicate_unit_fraction=parted(3)),
        arm(HALVES, readout_initializer=LECUN, duplicate_unit_fraction=parted(1)),
    )
    said = [text for text in findings(NAME, path).answer if "random readout: do" in text]
    assert [text.partition("? ")[2] for text in said] == [
        "No. Do those below it? Yes.",
        "Yes. Do those below it? No.",
    ]


def test_halves_with_outgoing_weights_alike_are_judged_as_a_whole(tmp_path):
    alike = "tied_halves(weight_variance=1, tie=inputs)"
    path = publish(
        tmp_path / "r",
        arm(HALVES),
        arm(HALVES, readout_initializer=alike, duplicate_unit_fraction=in_one_seed(0.5, 1.0)),
    )
    found = verdicts(path)
    assert found["copies-tied-halves-relu"] == "supported"
    assert found["copies-tied-halves-readout-tied-halves-inputs-only-relu"] == "refuted"


@pytest.mark.parametrize(("alike", "verdict"), [(0.0, "supported"), (0.1, "refuted")])
def test_random_units_are_unlike_from_the_start(tmp_path, alike, verdict):
    path = publish(tmp_path / "r", arm(LECUN, duplicate_unit_fraction=alike))
    assert verdicts(path)["unlike-lecun-normal-relu"] == verdict
