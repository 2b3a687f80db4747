import numpy as np
import pytest

from initlab.analysis.probes import DROPPED, REMOVED, SHIFTED

from .tables import findings, growing, publish, trial, trials, verdicts

NAME = "layer_choices"
PIXELS = (0, 1, 2, 3)
SHARES = tuple(tenth / 10 for tenth in range(10))
CHOICES = {
    "kernel_size": 3, "padding": "same", "pooling": "max", "after_pooling": "activation",
    "dropout": 0.0, "augmentation": None, "validation_fraction": 0.2, "image_size": 14,
    "dataset": "fashion", "width": 8, "probes": None,
}  # fmt: skip


def net(test, *, train=0.9, validation=None, loss=1.0, seeds=5, **fields):
    """A trial that ends with these accuracies, as numbers or functions of the seed."""

    def at_end(value):
        return lambda seed, step, layer: value(seed) if callable(value) else value

    return trial(
        seeds=seeds,
        records={
            "test_accuracy": at_end(test),
            "validation_accuracy": at_end(test if validation is None else validation),
            "train_accuracy": at_end(train),
            "train_loss": at_end(loss),
        },
        **{"model": "textbook", "depth": 4} | CHOICES | fields,
    )


def answers(changes, values):
    """An array of a probe, the same for every seed."""
    return lambda seed: np.stack([np.float32(changes), np.float32(values)], axis=1)


def found(path):
    return {claim.id: claim for claim in trials(NAME, path)}


def pools(max_=0.8, average=0.7, norm=0.7, none=0.75, **fields):
    given = {"max": max_, "average": average, "norm": norm, "none": none}
    return [net(test, pooling=kind, **fields) for kind, test in given.items()]


def test_max_pooling_that_ends_highest_works_best(tmp_path):
    path = publish(tmp_path / "r", *pools())
    claims = found(path)
    assert claims["max-average"].measured == pytest.approx(0.1)
    assert claims["max-average"].verdict == claims["max-norm"].verdict == "supported"
    worse = found(publish(tmp_path / "s", *pools(norm=0.9)))
    assert worse["max-norm"].verdict == "refuted"
    assert worse["max-average"].verdict == "supported"


def test_each_kind_has_the_learning_rate_of_its_own_validation(tmp_path):
    path = publish(
        tmp_path / "r",
        *pools(learning_rate=0.01),
        net(0.95, pooling="average", learning_rate=0.1, validation=0.1),
        net(0.85, pooling="norm", learning_rate=0.1, validation=0.99),
    )
    claims = found(path)
    assert claims["max-average"].measured == pytest.approx(0.1)  # the test part chooses nothing
    assert claims["max-norm"].measured == pytest.approx(-0.05)


def test_a_pool_of_even_sides_drops_three_quarters_and_one_of_odd_sides_more(tmp_path):
    claims = found(publish(tmp_path / "r", *pools()))
    assert claims["drops-pool-1"].verdict == "supported"  # 14 by 14
    assert claims["drops-pool-2"].measured == pytest.approx(1 - 9 / 49)  # 7 by 7 becomes 3 by 3
    assert claims["drops-pool-2"].verdict == "refuted"


def test_a_net_that_loses_less_to_moved_images_depends_less_on_place(tmp_path):
    moved = {SHIFTED: answers(PIXELS, [0.8, 0.7, 0.6, 0.5])}
    held = {SHIFTED: answers(PIXELS, [0.8, 0.79, 0.7, 0.5])}
    path = publish(
        tmp_path / "r", net(0.8, pooling="max", arrays=held), net(0.8, pooling="none", arrays=moved)
    )
    claims = found(path)
    assert claims["moved-1"].measured == pytest.approx(0.09)
    assert claims["moved-1"].verdict == claims["moved-2"].verdict == "supported"
    assert claims["moved-3"].verdict == "refuted"  # no difference at all


def test_a_rectifier_that_changes_the_loss_is_not_idle(tmp_path):
    def twins(activation, other):
        return [
            net(0.8, activation=activation),
            net(0.8, activation=activation, after_pooling="nothing", loss=other),
        ]

    same = verdicts(NAME, publish(tmp_path / "r", *twins("relu", 1.0), *twins("tanh", 1.1)))
    assert (same["idle-relu"], same["idle-tanh"]) == ("supported", "supported")
    changed = verdicts(NAME, publish(tmp_path / "s", *twins("relu", 1.1), *twins("tanh", 1.0)))
    assert (changed["idle-relu"], changed["idle-tanh"]) == ("refuted", "refuted")


def kernels(**tests):
    given = {f"k{size}": 0.7 for size in range(1, 8)} | tests
    return [
        net(test, model="convnet", depth=3, kernel_size=int(size[1:]))
        for size, test in given.items()
    ]


def test_odd_kernels_are_held_against_their_even_neighbours(tmp_path):
    claims = found(publish(tmp_path / "r", *kernels(k2=0.6, k3=0.75, k4=0.7, k5=0.65)))
    assert claims["odd-3"].measured == pytest.approx(0.1)
    assert claims["odd-3"].verdict == "supported"
    assert claims["odd-5"].measured == pytest.approx(-0.05)
    assert claims["odd-5"].verdict == "refuted"
    assert claims["least-2"].measured == pytest.approx(0.15)
    assert claims["least-1"].measured == pytest.approx(0.05)


def test_nets_without_padding_lose_more_the_deeper_they_are(tmp_path):
    nets = [
        net(0.8 - lost, model="convnet", depth=depth, padding=padding)
        for depth, loses in ((3, 0.01), (5, 0.1))
        for padding, lost in (("same", 0.0), ("valid", loses))
    ]
    claims = found(publish(tmp_path / "r", *nets))
    assert claims["unpadded-depth-3"].measured == pytest.approx(0.01)
    assert claims["unpadded-depth-5"].verdict == "supported"
    assert claims["shrinking"].measured == pytest.approx(0.09)
    assert claims["shrinking"].verdict == "supported"


def test_augmentation_is_judged_by_its_gap_and_by_test_accuracy(tmp_path):
    nets = [
        net(0.7, train=1.0, validation_fraction=0.8),
        net(0.75, train=0.9, validation_fraction=0.8, augmentation="flip(probability=0.5)"),
        net(0.65, train=0.8, validation_fraction=0.8, augmentation="flip, rotation(degrees=15.0)"),
        net(0.78, train=0.9, validation_fraction=0.6),
    ]
    claims = found(publish(tmp_path / "r", *nets))
    assert claims["gap-flip"].measured == pytest.approx(0.15)
    assert claims["gain-flip"].verdict == "supported"
    assert claims["gain-these-2-together"].measured == pytest.approx(-0.05)
    assert claims["gain-these-2-together"].verdict == "refuted"
    (more,) = (claim for name, claim in claims.items() if name.startswith("images"))
    assert more.measured == pytest.approx(0.08)


def test_dropout_is_judged_by_units_removed_and_by_acting_in_testing(tmp_path):
    def of_rate(rate, steepness, acting):
        kept = {
            REMOVED: answers(SHARES, [0.8 - steepness * share for share in SHARES]),
            DROPPED: answers((0, 1), (0.8, acting)),
        }
        return net(0.8, model="mlp", dropout=rate, arrays=kept)

    path = publish(tmp_path / "r", of_rate(0.0, 0.5, 0.8), of_rate(0.5, 0.1, 0.7))
    claims = found(path)
    assert claims["redundant-0-5-0-5"].measured == pytest.approx(0.2)
    assert claims["redundant-0-5-0-5"].verdict == "supported"
    assert claims["training-only-0-5"].measured == pytest.approx(0.1)
    worse = found(publish(tmp_path / "s", of_rate(0.0, 0.1, 0.8), of_rate(0.5, 0.5, 0.8)))
    assert worse["redundant-0-5-0-2"].verdict == "refuted"
    assert worse["training-only-0-5"].verdict == "refuted"


def drawn(factor, **fields):
    moments = {"preactivation_second_moment": growing(factor, 1e-4)}
    return trial(steps=0, layers=moments, **CHOICES | {"depth": 13} | fields)


def test_zero_padding_is_read_off_the_same_weights_without_a_border(tmp_path):
    linear = {"model": "convnet", "activation": "identity"}
    path = publish(
        tmp_path / "r",
        drawn(0.95 * 0.971069, padding="same", **linear),
        drawn(0.95, padding="circular", **linear),
        drawn(0.9, padding="same", kernel_size=5, **linear),
        drawn(1.0, padding="circular", kernel_size=5, **linear),
    )
    claims = found(path)
    # ((1 + 2 cos(pi / 15)) / 3)^2
    assert claims["zeros-3"].measured == pytest.approx(0.971069, abs=1e-5)
    assert claims["zeros-3"].verdict == "supported"
    assert abs(0.9 - wide_share()) > 0.01
    assert claims["zeros-5"].verdict == "refuted"


def wide_share():
    """The largest eigenvalue of a mean over five neighbours of 14, by powers of the matrix."""
    places = np.arange(14)
    matrix = (np.abs(places[:, None] - places) <= 2) / 5
    vector = np.ones(14)
    for _ in range(2_000):
        vector = matrix @ vector
        size = np.linalg.norm(vector)
        vector /= size
    return size**2


def test_dropout_divides_by_what_is_kept_and_moves_the_critical_variance(tmp_path):
    def nets(factor_of):
        return [
            drawn(
                factor_of(rate, variance),
                model="mlp",
                width=128,
                depth=10,
                dropout=rate,
                initializer=f"fan_in_normal(weight_variance={variance})",
            )
            for rate in (0.0, 0.5)
            for variance in (1.0, 2.0)
        ]

    right = nets(lambda rate, variance: variance / 2 / (1 - rate))
    claims = verdicts(NAME, publish(tmp_path / "r", *right))
    assert claims["noise-grows-0-5"] == claims["noise-critical-0-5"] == "supported"
    blind = nets(lambda rate, variance: variance / 2)
    claims = verdicts(NAME, publish(tmp_path / "s", *blind))
    assert claims["noise-grows-0-5"] == claims["noise-critical-0-5"] == "refuted"


def test_pooling_is_held_against_what_theory_expects_of_it(tmp_path):
    def pooled(kind, square, expected):
        def name(layer):
            return f"conv_{layer}" if layer < 4 else "readout"

        return trial(
            steps=0,
            model="textbook",
            depth=4,
            name=name,
            layers={
                "preactivation_second_moment": lambda seed, step, layer: (
                    square if layer == 3 else 1.0
                )
            },
            predictions={"preactivation_second_moment": [1.0, 1.0, expected, 1.0]},
            **CHOICES | {"pooling": kind},
        )

    path = publish(
        tmp_path / "r", pooled("none", 2.0, 1.0), pooled("max", 4.0, 2.1),
        pooled("average", 1.0, 0.9),
    )  # fmt: skip
    claims = found(path)
    assert claims["square-max"].measured == pytest.approx(2.0)
    assert claims["square-max"].verdict == "supported"  # 2 is within a tenth of 2.1
    assert claims["square-average"].verdict == "refuted"


def test_empty_results_say_so(tmp_path):
    empty = findings(NAME, publish(tmp_path / "r"))
    assert empty.answer == ("No run has results yet.",)
    assert empty.claims == () == empty.drawings


def test_one_choice_alone_compares_with_nothing(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", net(0.8)))
    assert found.answer == ("The runs hold nothing that a claim is about.",)


def test_two_seeds_support_nothing(tmp_path):
    few = publish(tmp_path / "r", *pools(seeds=2))
    counted = {name: one for name, one in verdicts(NAME, few).items() if "drops" not in name}
    assert set(counted.values()) == {"inconclusive"}


def test_every_drawing_draws(tmp_path):
    moved = {SHIFTED: answers(PIXELS, [0.8, 0.7, 0.6, 0.5])}
    path = publish(tmp_path / "r", *pools(arrays=moved), *kernels())
    shown = findings(NAME, path).drawings
    assert {drawing.name for drawing in shown} >= {"pooling", "moved", "kernels"}
    for drawing in shown:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
