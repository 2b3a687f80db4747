import math

import pytest

from .tables import findings, publish, trial, trials
from .tables import verdicts as verdicts_of

NAME = "symmetry_breaking"
GRADIENT = "preactivation_gradient_second_moment"
CONSTANT, LECUN = "constant(value=0.05)", "lecun_normal"
HALVES = "tied_halves(weight_variance=1)"


def verdicts(path):
    return verdicts_of(NAME, path)


def arm(initializer, *, accuracy=0.1, loss=2.302585, depth=4, **more):
    """A trial of copies with gradients of rank one; `more`: fields, or statistics of layers."""
    statistics = {"duplicate_unit_fraction", "kernel_gradient_rank", "effective_rank"}
    statistics |= {"kernel_min", "kernel_max"}
    given = {name: more.pop(name) for name in list(more) if name in statistics | {GRADIENT}}
    usual = {
        "duplicate_unit_fraction": 1.0,
        "unit_cosine": 1.0,
        "effective_rank": 1.0,
        "kernel_gradient_rank": 1.0,
        GRADIENT: 1e-4,
    }
    records = {"train_loss": loss, "test_accuracy": accuracy, "train_accuracy": accuracy}
    return trial(
        layers=usual | given, records=records, depth=depth, width=32, initializer=initializer,
        **more,
    )  # fmt: skip


def in_one_seed(value, usual):
    """`value` in seed 3, layer 2, from step 1 on; `usual` everywhere else."""
    return lambda seed, step, layer: value if (seed, layer) == (3, 2) and step else usual


def test_empty_results_say_so(tmp_path):
    found = findings(NAME, publish(tmp_path / "r"))
    assert found.answer == ("No run has results yet.",)
    assert found.claims == () == found.drawings


@pytest.mark.parametrize(
    ("greatest", "verdict"), [(0.0, "supported"), (in_one_seed(1e-9, 0.0), "refuted")]
)
def test_one_weight_that_moves_refutes_that_zeros_stand_still(tmp_path, greatest, verdict):
    zeros = arm("zeros", kernel_min=0.0, kernel_max=greatest)
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
    said = [text for text in findings(NAME, path).answer if "readout" in text]
    assert [text.partition("? ")[2] for text in said] == [
        "Do the units of the last hidden layer stay copies? No. Do those below it? Yes.",
        "Do the pairs of the last hidden layer stay copies? Yes. Do those below it? No.",
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


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [
        (0.9, "supported"),
        (0.3, "refuted"),
        (lambda seed, step, layer: 0.1 + 0.2 * seed, "inconclusive"),
    ],
)
def test_noise_is_enough_from_half_way_on(tmp_path, accuracy, verdict):
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=1.0),
        arm("normal(stddev=0.001, mean=0.05)", accuracy=accuracy),
    )
    assert verdicts(path)["enough-normal-0-001-mean-0-05-relu"] == verdict
    noise = next(listing for listing in findings(NAME, path).listings if listing.name == "noise")
    assert noise.table["noise"].tolist() == [0.001]


def test_enough_counts_the_scatter_of_what_it_is_compared_with(tmp_path):
    # 0.05 above the middle in the mean, which scatters by 0.08 between seeds.
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=lambda seed, step, layer: 0.8 + 0.1 * (seed - 2)),
        arm("normal(stddev=0.001, mean=0.05)", accuracy=0.55),
    )
    (claim,) = [claim for claim in trials(NAME, path) if claim.id.startswith("enough")]
    assert (claim.measured, claim.verdict) == (pytest.approx(0.05), "inconclusive")


@pytest.mark.parametrize(("late", "verdict"), [(10, "supported"), (0, "refuted")])
def test_less_noise_parts_later(tmp_path, late, verdict):
    # Measured at steps 0, 1 and 10. The least noise never parts, and so does not count.
    def parting(first):
        return lambda seed, step, layer: 2.0 if step >= first and layer == 1 else 1.0

    def noisy(stddev, first):
        return arm(f"normal(stddev={stddev}, mean=0.05)", effective_rank=parting(first))

    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=1.0),
        noisy("0.1", 1),
        noisy("0.001", late),
        noisy("1e-05", 100),
    )
    (claim,) = [claim for claim in trials(NAME, path) if claim.id == "parts-later-relu"]
    assert claim.verdict == verdict
    assert claim.measured == pytest.approx((late - 1) / 2)
    (said,) = [text for text in findings(NAME, path).answer if "Ten times" in text]
    assert said.partition("? ")[2].startswith("Yes; " if verdict == "supported" else "No; ")


@pytest.mark.parametrize(
    ("error", "verdict"), [(0.45, "supported"), (0.4541, "supported"), (0.46, "refuted")]
)
def test_the_first_squared_error_is_read_off_the_gradient_of_the_logits(tmp_path, error, verdict):
    # Half the sum over ten logits of the squared error, as the gradient of a mean over 128 has it.
    def gradient(seed, step, layer):
        return 2 * error / 10 / 128**2 if (layer, step) == (4, 0) else 1.0

    path = publish(tmp_path / "r", arm(LECUN, **{GRADIENT: gradient}))
    assert verdicts(path)["first-error-lecun-normal-relu-depth-4"] == verdict


def test_noise_without_its_constant_is_left_out(tmp_path):
    path = publish(tmp_path / "r", arm(LECUN, accuracy=1.0), arm("normal(stddev=0.001, mean=0.07)"))
    assert not [name for name in verdicts(path) if name.startswith("enough")]


@pytest.mark.parametrize(
    ("dataset", "accuracy", "verdict"),
    [
        # A class's share may be 0.047 off among 360 images, among 1,000 images 0.028.
        ("digits", 0.14, "supported"),
        ("fashion", 0.14, "refuted"),
        ("fashion", 0.125, "supported"),
        ("digits", 0.15, "refuted"),
    ],
)
def test_a_guess_is_one_class_whose_share_depends_on_how_many_test_images(
    tmp_path, dataset, accuracy, verdict
):
    path = publish(tmp_path / "r", arm("zeros", accuracy=accuracy, dataset=dataset))
    assert verdicts(path)["zeros-guess-relu"] == verdict


@pytest.mark.parametrize(
    ("accuracy", "guess", "cost"), [(0.1, "supported", "supported"), (0.95, "refuted", "refuted")]
)
def test_accuracy_is_compared_with_a_guess_and_with_a_random_network(
    tmp_path, accuracy, guess, cost
):
    path = publish(
        tmp_path / "r",
        arm("zeros", accuracy=accuracy),
        arm(CONSTANT, accuracy=accuracy),
        arm(LECUN, accuracy=0.9),
    )
    found = verdicts(path)
    assert found["zeros-guess-relu"] == guess
    assert found["cost-constant-constant-0-05-relu"] == cost


def test_a_diverged_run_counts_as_a_guess(tmp_path):
    path = publish(
        tmp_path / "r",
        arm(LECUN, accuracy=0.9),
        arm(CONSTANT, accuracy=0.9, status="diverged", diverged_at_step=1),
    )
    cost = {claim.id: claim.measured for claim in trials(NAME, path)}
    assert cost["cost-constant-constant-0-05-relu"] == pytest.approx(0.8)


def test_one_seed_supports_nothing_and_can_refute(tmp_path):
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, seeds=1),
        arm(HALVES, seeds=1, duplicate_unit_fraction=0.5),
        arm(LECUN, seeds=1, duplicate_unit_fraction=0.0),
    )
    found = trials(NAME, path)
    verdicts = {claim.id: claim.verdict for claim in found}
    assert verdicts["copies-constant-0-05-relu"] == "inconclusive"
    assert verdicts["copies-tied-halves-relu"] == "refuted"
    assert "supported" not in verdicts.values()
    assert {claim.interval for claim in found} == {None}


def test_a_partial_grid_leaves_out_what_it_cannot_say(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", arm("uniform(high=1, low=0)", depth=1)))
    assert {claim.id for claim in found.claims} == {"no-preference-uniform", "first-error-uniform"}


def test_everything_diverged_at_once(tmp_path):
    path = publish(tmp_path / "r", arm(LECUN, loss=math.nan, status="diverged", diverged_at_step=0))
    found = findings(NAME, path)
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes


def test_every_drawing_draws(tmp_path):
    path = publish(
        tmp_path / "r",
        *[
            arm(label, activation=activation, **more)
            for activation in ("relu", "tanh")
            for label, more in (
                ("zeros", {"kernel_min": 0.0, "kernel_max": 0.0}),
                (CONSTANT, {}),
                (CONSTANT, {"readout_initializer": LECUN}),
                (HALVES, {"readout_initializer": LECUN}),
                (LECUN, {"duplicate_unit_fraction": 0.0, "accuracy": 0.9}),
            )
        ],
    )
    found = findings(NAME, path)
    assert {"symmetry", "layers", "training", "accuracy"} == {d.name for d in found.drawings}
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = 5" in drawing.caption
    assert len(found.answer) >= 3
    assert max(len(claim.predicted) for claim in found.claims) < 50
