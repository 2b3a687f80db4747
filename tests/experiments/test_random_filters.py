import numpy as np
import pandas as pd
import pytest

from initlab.analysis.claims.first_entropy import claims_on_entropy
from initlab.analysis.claims.learned_layers import claims_on_layers
from initlab.analysis.claims.random_edges import claims_on_edges, claims_on_gradient
from initlab.analysis.claims.trials import each_trial
from initlab.analysis.filter_arms import RANDOM, TRAINED, filter_numbers
from initlab.analysis.layers_of_nets import PROBE, TUNING, nets_to_compare
from initlab.filters import cross, sobel
from initlab.store.query import load_results

from .tables import draws, findings, publish, trial, trials, verdicts

NAME = "random_filters"
SHARED = {
    "kernel_size": 3, "first_window": None, "padding": "same", "norm": "none", "image_size": None,
    "frozen_layers": None, "first_initializer": None, "validation_fraction": 0.2, "width": 8,
}  # fmt: skip
PHOTOGRAPHS = {"model": "convnet", "dataset": "photo_patches", "depth": 4}
PLANTED = {"model": "convnet", "dataset": "shapes", "depth": 2, "kernel_size": 7}


def net(test=0.8, *, validation=None, kernels=None, seeds=5, **fields):
    """A trial that ends with these accuracies, and kept kernels by seed."""

    def at_end(value):
        return lambda seed, step, layer: value(seed) if callable(value) else value

    arrays = {f"first_kernel_{when}": made for when, made in (kernels or {}).items()}
    records = {
        "test_accuracy": at_end(test),
        "validation_accuracy": at_end(test if validation is None else validation),
    }
    return trial(seeds=seeds, records=records, arrays=arrays, **SHARED | fields)


def found(path):
    return {claim.id: claim for claim in trials(NAME, path)}


def noise(size, channels, units=8, mean=0.0):
    """Kernels of independent weights, one draw a seed."""

    def made(seed):
        rng = np.random.default_rng([seed, size])
        return mean + rng.normal(size=(size, size, channels, units)) / size

    return made


def edges(size):
    """Sobel's filters in colour, with a little noise of the seed's."""

    def made(seed):
        bank = np.repeat(np.moveaxis(sobel(size), 0, -1)[:, :, None], 3, axis=2)
        bank = bank / np.linalg.norm(bank[..., 0])
        return bank + 1e-3 * np.random.default_rng(seed).normal(size=bank.shape)

    return made


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """What is found of filters that are bright before training, and Sobel's after it.

    At another learning rate, of a lower validation accuracy, they are Sobel's from the start.
    """
    path = publish(
        tmp_path_factory.mktemp("photographs") / "r",
        net(kernels={"initial": noise(3, 3, mean=1.0), "final": edges(3)}, **PHOTOGRAPHS),
        net(0.1, kernels={"initial": edges(3), "final": edges(3)}, learning_rate=1.0,
            **PHOTOGRAPHS),
    )  # fmt: skip
    return findings(NAME, path)


def test_filters_that_training_makes_sobels_learned_edges(learned):
    claims = {claim.id: claim for claim in each_trial(learned.claims)}
    assert claims["acts-3"].verdict == "refuted"
    assert claims["edges-learned-3"].verdict == claims["edges-places-3"].verdict == "supported"
    assert claims["edges-moments-3"].verdict == claims["oriented-random-3"].verdict == "supported"
    assert claims["blobs-random-3"].verdict == "refuted"  # Sobel's filters see no colour
    # Brightness is what these answered to: without their mean they tell edges.
    assert claims["zero-mean-3"].measured > claims["acts-3"].measured + 0.5


def test_filters_that_training_makes_sobels_follow_the_gradient(learned):
    claims = {claim.id: claim for claim in each_trial(learned.claims)}
    assert claims["gradient-acts-3"].verdict == "refuted"
    for name in ("learned", "moments", "places"):
        assert claims[f"gradient-{name}-3"].verdict == "supported"
    assert claims["gradient-zero-mean-3"].measured > claims["gradient-acts-3"].measured
    (told,) = [text for text in learned.answer if "look for edges" in text]
    assert "more than random ones? Yes. More than filters of their moments? Yes." in told


def test_the_filters_of_one_learning_rate_are_drawn(learned):
    edges_of = {one.name: one.table for one in learned.drawings}["edges"]
    drawn = edges_of[(edges_of["kind"] == RANDOM) & (edges_of["statistic"] == "edge_detection")]
    assert drawn["n"].tolist() == [5]
    assert drawn["value"].iloc[0] < 0.6


def test_sobels_filters_act_like_edge_detectors_and_are_not_blind(tmp_path):
    kernels = {"initial": edges(3), "final": noise(3, 3, mean=1.0)}
    path = publish(tmp_path / "r", net(kernels=kernels, **PHOTOGRAPHS))
    chosen = load_results(path)
    numbers = filter_numbers(chosen.runs.assign(window=3), chosen.arrays)
    found_of = [*claims_on_edges(numbers), *claims_on_gradient(numbers)]
    claims = {claim.id: claim for claim in each_trial(found_of)}
    assert claims["gradient-acts-3"].measured == pytest.approx(1.0, abs=0.02)
    assert claims["acts-3"].measured == pytest.approx(1.0, abs=0.02)
    assert claims["acts-3"].verdict == "supported"
    assert claims["blind-3"].verdict == "refuted"
    assert claims["edges-learned-3"].verdict == "refuted"


def pairs(fixed, free, **fields):
    return [
        net(fixed, frozen_layers=1, **PLANTED | fields),
        net(free, **PLANTED | fields),
    ]


def planted(**fields):
    """Kernels of which none is an X."""
    kernels = {"initial": noise(7, 1), "final": noise(7, 1)}
    return [one for width, fixed in ((4, 0.5), (32, 0.75))
            for one in pairs(fixed, 0.8, width=width, kernels=kernels, **fields)]  # fmt: skip


def test_random_features_are_held_against_trained_ones(tmp_path):
    claims = found(publish(tmp_path / "r", *planted()))
    assert claims["strong-convnet-4-he-normal"].measured == pytest.approx(0.625)
    assert claims["strong-convnet-4-he-normal"].verdict == "refuted"
    assert claims["strong-convnet-32-he-normal"].verdict == "supported"
    assert claims["more-convnet-he-normal"].measured == pytest.approx(0.3125)
    assert claims["more-convnet-he-normal"].verdict == "supported"


def test_an_arm_without_its_twin_is_compared_with_nothing(tmp_path):
    alone = net(0.5, frozen_layers=1, width=16, **PLANTED)
    claims = found(publish(tmp_path / "r", *planted(), alone))
    assert not [name for name in claims if "-16-" in name]


def test_a_filter_that_became_an_x_is_found(tmp_path):
    def becomes(seed):
        kernel = noise(7, 1)(seed)
        kernel[:, :, 0, 2] = cross(7)[0] + 0.05 * kernel[:, :, 0, 2]
        return kernel

    kernels = {"initial": noise(7, 1), "final": becomes}
    claims = found(publish(tmp_path / "r", *pairs(0.5, 0.8, kernels=kernels)))
    assert claims["learned-x-he-normal-8"].measured > 0.95
    assert claims["learned-x-he-normal-8"].verdict == "supported"
    assert claims["nearer-x-he-normal-8"].verdict == "supported"
    assert claims["often-x"].measured == 1.0
    never = found(publish(tmp_path / "s", *planted()))
    assert never["learned-x-he-normal-4"].verdict == "refuted"
    assert never["often-x"].measured == 0.0
    assert never["often-x"].verdict == "refuted"


def test_filters_made_by_hand_are_held_against_random_ones(tmp_path):
    kernels = {"initial": noise(7, 1), "final": noise(7, 1)}
    path = publish(
        tmp_path / "r",
        *pairs(0.5, 0.8, kernels=kernels),
        *pairs(0.7, 0.9, first_initializer="x_detector(gain=1.4)"),
        *pairs(0.4, 0.7, first_initializer="x_detector(gain=1.4, form=binary)"),
    )
    claims = found(path)
    helps = {name: one for name, one in claims.items() if name.startswith("helps")}
    assert sorted(round(one.measured, 6) for one in helps.values()) == [-0.1, 0.1]
    fixed = {name: one for name, one in claims.items() if name.startswith("fixed")}
    assert sorted(round(one.measured, 6) for one in fixed.values()) == [-0.1, 0.2]
    centred = [one.measured for name, one in claims.items() if name.startswith("centred-shape")]
    assert sorted(round(one, 6) for one in centred) == [0.2, 0.3]
    assert not [name for name in claims if "strong" in name and "detector" in name]


def layer_table(net, values, statistic):
    return [
        {"run_id": f"{net}-{seed}", "seed": seed, "net": net, "layer_name": name,
         "statistic": statistic, "value": value + seed * 1e-3}
        for name, value in values.items() for seed in range(5)
    ]  # fmt: skip


def test_layers_are_compared_one_with_the_next_and_before_with_after():
    rising = {"image": 0.2, "conv_1": 0.5, "conv_2": 0.7, "readout": 0.9}
    level = {"image": 0.2, "conv_1": 0.5, "conv_2": 0.45, "readout": 0.1}
    tuned = {"conv_1": 0.4, "conv_2": 0.1}
    table = pd.DataFrame(
        [
            *layer_table(TRAINED, rising, PROBE), *layer_table(RANDOM, level, PROBE),
            *layer_table(TRAINED, tuned, TUNING),
            *layer_table(RANDOM, dict.fromkeys(tuned, 0.2), TUNING),
        ]
    )  # fmt: skip
    claims = {claim.id: claim for claim in claims_on_layers(table)}
    assert claims["deeper"].measured == pytest.approx(0.2)  # neither the image nor the readout
    assert claims["deeper"].verdict == "supported"
    assert claims["training-deepens"].measured == pytest.approx(0.25)
    assert claims["bars"].measured == pytest.approx(-0.1)
    assert claims["bars"].verdict == "refuted"


def test_a_net_is_compared_with_the_one_that_it_began_as():
    usual = {"model": "convnet", "activation": "relu", "diverged_at_step": None, **SHARED}
    trained = pd.DataFrame(
        [usual | {"run_id": f"t{s}", "seed": s, "first_window": 7.0} for s in (0, 1)]
    )
    drawn = pd.DataFrame(
        [usual | {"run_id": f"d{s}-{w}", "seed": s, "first_window": w}
         for s in (0, 1, 2) for w in (7.0, np.nan)]
    )  # fmt: skip
    for runs in (trained, drawn):
        runs["depth"], runs["initializer"], runs["dataset"] = 4, "he_normal", "photo_patches"
    nets = nets_to_compare(trained, drawn)
    assert nets["run_id"].tolist() == ["t0", "t1", "d0-7.0", "d1-7.0"]
    assert nets["net"].tolist() == [TRAINED, TRAINED, RANDOM, RANDOM]


def test_entropy_is_judged_by_a_hundredth():
    drawn = pd.DataFrame(
        [
            {"run_id": f"{law}-{s}", "seed": s, "initializer": law, "dataset": "digits",
             "model": "mlp", "scale": "small"}
            for law in ("zeros", "he_normal", "normal") for s in range(5)
        ]
    )  # fmt: skip
    entropy = pd.Series(
        {run: np.log(10) if run.startswith("zeros") else 2.2 - 0.001 * int(run[-1])
         if run.startswith("he") else 1e-5 * (run[-1] == "0") for run in drawn["run_id"]}
    )  # fmt: skip
    (claim,) = claims_on_entropy(drawn, entropy)
    verdict_of = {one.id: one.verdict for one in claim.trials}
    assert verdict_of == {
        "entropy-zeros": "supported", "entropy-he-normal": "refuted", "entropy-normal": "refuted",
    }  # fmt: skip
    assert claim.trials[2].interval[0] == 0.0  # no entropy is below
    assert claim.verdict == "refuted"


def test_a_filter_of_a_shape_is_judged_by_where_it_answers(tmp_path):
    claims = found(publish(tmp_path / "r", *planted()))
    assert claims["where-x-mean-removed"].n == 0
    assert claims["silent-x-binary"].verdict == "refuted"


def of_noise(when):
    return {"kernels": {when: noise(7, 1)}} | PLANTED


ALONE = {
    "photographs, kernels not kept": [net(**PHOTOGRAPHS)],
    "not trained": [net(0.1, steps=0, image_size=16, **PHOTOGRAPHS)],
    "fixed": [net(0.5, frozen_layers=1, **PLANTED)],
    "trained": [net(0.5, **of_noise("final"))],
    "a pair, kernels not kept": pairs(0.5, 0.8),
    "a pair that diverged": pairs(0.5, 0.8, diverged_at_step=5),
    "made by hand": pairs(0.5, 0.8, first_initializer="sobel(gain=1.4)"),
    "pooling": [
        net(test, model="textbook", dataset="photo_patches", depth=4, frozen_layers=frozen)
        for test, frozen in ((0.5, 3), (0.8, None))
    ],
}


@pytest.mark.parametrize("name", ALONE)
def test_a_part_of_the_arms_is_reported(tmp_path, name):
    of_it = findings(NAME, publish(tmp_path / "r", *ALONE[name]))
    assert draws(of_it)
    left = of_it.answer[-1]
    assert left.startswith("Not judged, since runs") or left == (
        "The runs hold nothing that a claim is about."
    )


def test_empty_results_say_so(tmp_path):
    empty = findings(NAME, publish(tmp_path / "r"))
    assert empty.answer == ("No run has results yet.",)
    assert empty.claims == () == empty.drawings


def test_two_seeds_support_nothing_that_seeds_change(tmp_path):
    kernels = {"initial": noise(7, 1), "final": noise(7, 1)}
    path = publish(tmp_path / "r", *pairs(0.75, 0.8, kernels=kernels, seeds=2))
    counted = {
        name: one for name, one in verdicts(NAME, path).items()
        if not name.startswith(("where", "silent"))
    }  # fmt: skip
    assert set(counted.values()) == {"inconclusive"}


def test_every_drawing_draws(tmp_path, learned):
    for one in (learned, findings(NAME, publish(tmp_path / "r", *planted()))):
        shown = one.drawings
        assert shown
        for drawing in shown:
            assert drawing.draw(drawing.table).axes
            assert drawing.alt.endswith(".")
