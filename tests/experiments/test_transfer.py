import numpy as np
import pytest

from initlab.analysis.transfer_arms import OTHER, SAME, SCRATCH, chosen, with_arms
from initlab.store.query import load_results

from .tables import draws, findings, publish, trial, trials, verdicts

NAME = "transfer"
A, B = "0+1+2+5+8", "3+4+6+7+9"
FEW, MANY = 0.984, 0.2  # shares that do not train


def net(test, *, validation=None, train=None, seeds=5, **fields):
    """A trial that ends with these accuracies, as numbers or functions of the seed."""

    def at_end(value):
        return lambda seed, step, layer: value(seed) if callable(value) else value

    usual = {
        "checkpoint_sha256": lambda seed: f"{seed:064x}",
        "model": "convnet", "depth": 6, "width": 12, "dataset": "fashion", "classes": B,
        "validation_fraction": MANY, "removed_layers": None, "frozen_layers": None,
    }  # fmt: skip
    return trial(
        seeds=seeds,
        records={
            "test_accuracy": at_end(test),
            "validation_accuracy": at_end(test if validation is None else validation),
            "train_accuracy": at_end(test if train is None else train),
        },
        layers={"preactivation_second_moment": 1.0},
        **usual | fields,
    )


def law(layers="", classes=A, control=""):
    control = f", control={control}" if control else ""
    return f"pretrained(checkpoint=transfer_source?classes={classes}{layers}{control})"


def taken(test, frozen=0, **fields):
    """A net of which all but the readout is pretrained."""
    given = {"initializer": law(), "removed_layers": 1, "frozen_layers": frozen or None}
    return net(test, **given | fields)


def middle(test, **fields):
    given = {"depth": 4, "initializer": law(", layers=3"), "frozen_layers": 3}
    return net(test, **given | fields)


def first(number, test, *, classes=A, frozen=True, **fields):
    """A net whose first layers alone are pretrained."""
    label = law(f", layers={number}", classes)
    return net(test, initializer=label, frozen_layers=number if frozen else None, **fields)


DIGITS = {"dataset": "digits", "classes": None}


def found(path):
    return {claim.id: claim for claim in trials(NAME, path)}


def test_arms_are_told_by_what_was_taken_and_frozen(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.8),
        net(0.8, frozen_layers=2),
        taken(0.8),
        taken(0.8, 2),
        taken(0.8, 5),
        middle(0.8),
        net(0.8, depth=5, initializer=law(", layers=1+2+4+5"), frozen_layers=4),
        first(2, 0.8),
        first(2, 0.8, classes=B, frozen=False),
        taken(0.8, initializer=law(control="shuffled")),
        taken(0.8, 5, initializer=law(control="moment_matched")),
    )
    arms = with_arms(load_results(path).runs)
    one = arms[arms["seed"] == 0]
    assert list(one["arm"]) == [
        "from scratch",
        "random, 2 frozen",
        "fine-tuned",
        "fine-tuned, 2 frozen",
        "linear on layer 5",
        "linear on layer 3",
        "linear on layer 5, one left out",
        "2 of other classes, frozen",
        "2 of same classes",
        "fine-tuned, shuffled",
        "linear on layer 5, matched",
    ]
    assert list(one["source"]) == [SCRATCH] * 2 + [OTHER] * 6 + [SAME] + [OTHER] * 2
    assert list(one["copied"]) == [0, 0, 5, 5, 5, 3, 4, 2, 2, 5, 5]
    assert list(one["control"]) == ["none"] * 9 + ["shuffled", "moment_matched"]
    assert set(one["images"]) == {2_000}


def test_images_are_those_of_the_classes_that_train(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.8, validation_fraction=FEW),
        net(0.8, validation_fraction=0.972, **DIGITS),
    )
    assert set(with_arms(load_results(path).runs)["images"]) == {40}


def test_each_arm_has_the_learning_rate_of_its_own_validation(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.7, validation=0.9, learning_rate=0.01),
        net(0.8, validation=0.1, learning_rate=0.1),
        taken(0.8, learning_rate=0.1),
    )
    results = load_results(path)
    runs = with_arms(results.runs)
    ends = results.steps[results.steps["step"] == 10].set_index("run_id")["validation_accuracy"]
    assert set(chosen(runs, ends)["learning_rate"]) == {0.01, 0.1}
    assert found(path)["tuned-similar-2000"].measured == pytest.approx(0.1, abs=1e-6)


def cases(**tests):
    """The four cases with as many arms as they speak of."""
    given = {
        "few_top": 0.7, "few_tuned": 0.6, "many_top": 0.8, "many_tuned": 0.9,
        "digits_middle": 0.6, "digits_top": 0.5, "digits_tuned": 0.95, "digits_scratch": 0.9,
    } | tests  # fmt: skip
    few, few_digits = {"validation_fraction": FEW}, {"validation_fraction": 0.972} | DIGITS
    return [
        net(0.5, **few),
        taken(given["few_tuned"], **few),
        taken(given["few_top"], 5, **few),
        middle(0.4, **few),
        net(0.85),
        taken(given["many_tuned"]),
        taken(given["many_top"], 5),
        middle(0.7),
        net(0.4, **few_digits),
        taken(0.43, **few_digits),
        taken(given["digits_top"], 5, **few_digits),
        middle(given["digits_middle"], **few_digits),
        net(given["digits_scratch"], **DIGITS),
        taken(given["digits_tuned"], **DIGITS),
        taken(0.8, 5, **DIGITS),
        middle(0.8, **DIGITS),
    ]


def test_the_four_cases_are_held_against_what_they_are_recommended_over(tmp_path):
    claims = found(publish(tmp_path / "r", *cases()))
    wanted = {
        "case-few-similar": 0.1, "case-many-similar": 0.1,
        "case-few-different": 0.1, "case-many-different": 0.05,
    }  # fmt: skip
    for name, more in wanted.items():
        assert claims[name].measured == pytest.approx(more), name
        assert claims[name].verdict == "supported"
    other = {"few_top": 0.5, "many_tuned": 0.7, "digits_middle": 0.4, "digits_tuned": 0.8}
    worse = verdicts(NAME, publish(tmp_path / "s", *cases(**other)))
    assert {worse[name] for name in wanted} == {"refuted"}


def test_starts_gain_more_on_fewer_images(tmp_path):
    claims = found(publish(tmp_path / "r", *cases()))
    assert claims["tuned-similar-40"].measured == pytest.approx(0.1, abs=1e-6)
    assert claims["top-similar-2000"].measured == pytest.approx(-0.05, abs=1e-6)
    assert claims["top-similar-2000"].verdict == "refuted"
    assert claims["less-data-similar"].measured == pytest.approx(0.1 - 0.05, abs=1e-6)
    assert claims["less-data-different"].verdict == "refuted"  # 0.03 and 0.05


def test_gaps_are_of_training_less_test(tmp_path):
    path = publish(tmp_path / "r", net(0.8), taken(0.8, train=1.0), taken(0.7, 5, train=0.75))
    claim = found(path)["gap-similar-2000"]
    assert claim.measured == pytest.approx(0.2 - 0.05, abs=1e-6)
    assert claim.verdict == "supported"


def frozen(best, **fields):
    """A pretrained net with each number of frozen layers, best with one of them."""
    return [taken(0.8 - 0.05 * abs(number - best), number, **fields) for number in range(6)]


def test_the_best_number_of_frozen_layers_is_compared_by_kind_and_by_number(tmp_path):
    path = publish(
        tmp_path / "r",
        *frozen(5, validation_fraction=FEW),
        *frozen(2),
        *frozen(1, validation_fraction=0.972, **DIGITS),
        *frozen(2, **DIGITS),
    )
    claims = found(path)
    assert claims["fewer-different-few"].measured == pytest.approx(4.0, abs=1e-6)
    assert claims["fewer-different-few"].verdict == "supported"
    assert claims["fewer-different-many"].verdict == "refuted"  # the same number
    assert claims["fewer-many-similar"].measured == pytest.approx(3.0, abs=1e-6)
    assert claims["fewer-many-different"].verdict == "refuted"


def test_the_best_number_of_frozen_layers_of_each_case_is_read(tmp_path):
    path = publish(tmp_path / "r", *frozen(5, validation_fraction=FEW), *frozen(2), net(0.8))
    [table] = [one.table for one in findings(NAME, path).listings if one.name == "frozen"]
    assert table.to_dict("records") == [
        {"dataset": "fashion", "images": images, "kind": "similar", "of_means": best,
         "by_seed": best, "low": best, "high": best}
        for images, best in ((40, 5), (2_000, 2))
    ]  # fmt: skip


@pytest.mark.parametrize(("accuracy", "verdict"), [(0.6, "supported"), (0.05, "refuted")])
def test_convolutions_run_on_images_of_another_size(tmp_path, accuracy, verdict):
    small = {"image_size": 7}
    path = publish(tmp_path / "r", taken(0.7, 5, **small), taken(accuracy, 5, **DIGITS))
    [claim] = [one for one in trials(NAME, path) if one.id.startswith("another-size")]
    assert claim.measured == pytest.approx(accuracy, abs=1e-6)
    assert claim.verdict == verdict
    assert claim.statement == (
        "On 1,150 different images of 8 by 8 pixels a linear classifier on the convolutions of a "
        "net that learned images of 7 by 7 pixels, fixed, ends above a guess."
    )
    same = publish(tmp_path / "s", taken(0.7, 5, image_size=None), taken(0.7, 5))
    assert not [one for one in trials(NAME, same) if one.id.startswith("another-size")]


def curve(*, first_lost=0.0, last_lost=0.2, same_lost=0.05, tuned=0.02, random=0.3):
    nets = [net(0.8)]
    for number in range(1, 6):
        lost = first_lost + (last_lost - first_lost) * (number - 1) / 4
        nets += [
            first(number, 0.8 - lost),
            first(number, 0.8 + tuned, frozen=False),
            first(number, 0.8 - same_lost, classes=B),
            first(number, 0.8, classes=B, frozen=False),
            net(0.8 - random, frozen_layers=number),
        ]
    return nets


def test_yosinskis_curve_is_read_off_its_arms(tmp_path):
    claims = found(publish(tmp_path / "r", *curve()))
    assert claims["general"].measured == pytest.approx(0.0, abs=1e-6)
    assert claims["specific"].measured == pytest.approx(0.2, abs=1e-6)
    assert claims["co-adapted"].measured == pytest.approx(0.05, abs=1e-6)
    assert claims["above-base-3"].measured == pytest.approx(0.02, abs=1e-6)
    assert claims["above-random-1"].measured == pytest.approx(0.3, abs=1e-6)
    named = [
        one for name, one in claims.items() if name.startswith(("above", "gen", "spec", "co-"))
    ]
    assert {one.verdict for one in named} == {"supported"}
    other = curve(first_lost=0.1, last_lost=0.0, same_lost=-0.1, tuned=-0.1, random=-0.1)
    worse = verdicts(NAME, publish(tmp_path / "s", *other))
    assert worse["general"] == worse["specific"] == worse["co-adapted"] == "refuted"
    assert worse["above-base-1"] == "refuted"


def test_a_middle_layer_left_out_is_held_against_all_and_against_one_on_top(tmp_path):
    out = {"depth": 5, "frozen_layers": 4}
    path = publish(
        tmp_path / "r",
        taken(0.8, 5),
        net(0.75, initializer=law(", layers=4"), **out),
        net(0.5, initializer=law(", layers=1+2+4+5"), **out),
    )
    claims = found(path)
    assert claims["left-out-all-layers"].measured == pytest.approx(0.3, abs=1e-6)
    (cut,) = (one for name, one in claims.items() if name.startswith("left-out-the-top"))
    assert cut.measured == pytest.approx(0.25, abs=1e-6)


def probed(rectified, raw, *, middle=0.5, **fields):
    """A net that nobody trains, and what linear classifiers on its three layers come to.

    Accuracies on the top layer are of a support vector machine and of softmax regression.
    """
    kept = np.full((3, 2, 2, 2), 0.5, np.float32)
    kept[-1, 0, 0], kept[-1, 1, 0], kept[1, 1, 0] = raw, rectified, middle
    given = {"steps": 0, "arrays": {"linear_accuracy": lambda seed: kept}}
    return net(0.1, **given | fields)


TAKEN = {"initializer": law(), "removed_layers": 1}


def test_codes_are_compared_rectified_and_raw_pretrained_and_random(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.8),
        probed((0.9, 0.8), (0.85, 0.82), **TAKEN),
        probed((0.6, 0.8), (0.6, 0.6)),
    )
    claims = found(path)
    assert claims["rectified-many-similar-svm"].measured == pytest.approx(0.05, abs=1e-6)
    assert claims["rectified-many-similar-softmax"].verdict == "refuted"
    assert claims["codes-many-similar-svm"].measured == pytest.approx(0.3, abs=1e-6)
    assert claims["codes-many-similar-softmax"].verdict == "refuted"  # no difference at all
    names = [drawing.name for drawing in findings(NAME, path).drawings]
    assert names[-1] == "codes-many-similar"


def test_the_cases_are_judged_by_other_classifiers_too(tmp_path):
    few, few_digits = {"validation_fraction": FEW}, {"validation_fraction": 0.972} | DIGITS
    path = publish(
        tmp_path / "r",
        *cases(),
        probed((0.75, 0.55), (0.1, 0.1), **TAKEN, **few),
        probed((0.8, 0.95), (0.1, 0.1), **TAKEN),
        probed((0.5, 0.7), (0.1, 0.1), middle=(0.6, 0.6), **TAKEN, **few_digits),
    )
    claims = found(path)
    wanted = {
        "few-similar-svm": 0.75 - 0.6, "few-similar-softmax": 0.55 - 0.6,
        "many-similar-svm": 0.9 - 0.8, "many-similar-softmax": 0.9 - 0.95,
        "few-different-svm": 0.6 - 0.5, "few-different-softmax": 0.6 - 0.7,
    }  # fmt: skip
    for name, more in wanted.items():
        claim = claims[f"classified-{name}"]
        assert claim.measured == pytest.approx(more, abs=1e-6), name
        assert claim.verdict == ("supported" if more > 0 else "refuted")


def test_upper_layers_are_held_against_all_and_none(tmp_path):
    path = publish(tmp_path / "r", net(0.5), taken(0.8), taken(0.85, 3), taken(0.9, 5))
    claims = found(path)
    assert claims["upper-tuned-similar-2000"].measured == pytest.approx(0.05, abs=1e-6)
    assert claims["upper-tuned-similar-2000"].verdict == "supported"
    assert claims["upper-top-similar-2000"].verdict == "refuted"


def test_pretrained_weights_are_held_against_their_controls(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.5),
        taken(0.8),
        taken(0.7, 5),
        taken(0.75, initializer=law(control="shuffled")),
        taken(0.85, initializer=law(control="orthogonal")),
        taken(0.4, 5, initializer=law(control="moment_matched")),
    )
    claims = found(path)
    assert claims["control-shuffled-fine-tuned-similar-2000"].measured == pytest.approx(0.05)
    assert claims["control-orthogonal-fine-tuned-similar-2000"].verdict == "refuted"
    fixed = claims["control-moment-matched-fixed-similar-2000"]
    assert (fixed.measured, fixed.verdict) == (pytest.approx(0.3), "supported")
    # No other claim, and no table of sizes, takes a control for the pretrained net itself.
    assert claims["tuned-similar-2000"].measured == pytest.approx(0.3)
    [sizes] = [one for one in findings(NAME, path).listings if one.name == "sizes"]
    assert sizes.table[["scratch", "tuned", "top"]].to_numpy().tolist() == [[0.5, 0.8, 0.7]]


def by_size(scratch, tuned, top):
    """Nets on 40, 250, 1,000 and 2,000 images."""
    shares = (FEW, 0.9, 0.6, MANY)
    return [
        one
        for share, *ends in zip(shares, scratch, tuned, top, strict=True)
        for one in (
            net(ends[0], validation_fraction=share),
            taken(ends[1], validation_fraction=share),
            taken(ends[2], 5, validation_fraction=share),
        )
    ]


def test_scratch_needs_more_images_and_catches_up(tmp_path):
    scratch, tuned, top = (0.4, 0.5, 0.7, 0.9), (0.5, 0.7, 0.6, 0.95), (0.6, 0.7, 0.75, 0.8)
    path = publish(tmp_path / "r", *by_size(scratch, tuned, top))
    claims = found(path)
    # 0.7, which fine-tuned nets have with 250, is what those from scratch have with 1,000.
    assert claims["needed-250"].measured == pytest.approx(np.log10(4.0), abs=1e-6)
    assert claims["needed-250"].verdict == "supported"
    # 0.6 lies halfway between 250 and 1,000, as logarithms go: 500 images.
    assert claims["needed-1000"].measured == pytest.approx(np.log10(0.5), abs=1e-6)
    assert claims["needed-1000"].verdict == "refuted"
    assert not [name for name in claims if name in ("needed-40", "needed-2000")]
    assert claims["crossover-top-40"].measured == pytest.approx(0.2, abs=1e-6)
    assert claims["crossover-top-2000"].measured == pytest.approx(0.1, abs=1e-6)
    assert claims["crossover-tuned-40"].verdict == "supported"
    assert claims["crossover-tuned-2000"].verdict == "refuted"


def test_the_table_of_arms_tells_gaps_and_rates_at_an_end(tmp_path):
    path = publish(
        tmp_path / "r",
        net(0.7, learning_rate=0.01),
        net(0.8, train=0.95, learning_rate=0.1),
        net(0.6, learning_rate=1.0),
        taken(0.8, learning_rate=0.1),
        taken(0.7, learning_rate=1.0),
        taken(0.8, 5, learning_rate=0.1),
    )
    (arms, *_) = findings(NAME, path).listings
    rows = arms.table.set_index("arm")
    assert rows["among"].to_dict() == {
        "from scratch": "inside", "fine-tuned": "lowest", "linear on layer 5": "only",
    }  # fmt: skip
    assert rows.loc["from scratch", "gap"] == pytest.approx(0.15)


ALONE = {
    "scratch": net(0.8),
    "fine-tuned": taken(0.8),
    "frozen in part": taken(0.8, 2),
    "linear on top": taken(0.8, 5),
    "linear on the middle": middle(0.8),
    "one layer": first(1, 0.8),
    "the same classes": first(2, 0.8, classes=B, frozen=False),
    "control": taken(0.8, initializer=law(control="shuffled")),
    "left out": net(0.8, depth=5, initializer=law(", layers=1+2+4+5"), frozen_layers=4),
    "other images": taken(0.8, **DIGITS),
    "diverged": net(0.8, diverged_at_step=5),
    "not trained": probed((0.9, 0.8), (0.85, 0.82), **TAKEN),
}


@pytest.mark.parametrize("name", ALONE)
def test_one_arm_alone_is_reported(tmp_path, name):
    of_it = findings(NAME, publish(tmp_path / "r", ALONE[name]))
    assert draws(of_it)
    assert of_it.claims == ()
    assert of_it.answer == ("The runs hold nothing that a claim is about.",)


def test_controls_of_few_images_alone_are_held_against_nothing(tmp_path):
    control = {"initializer": law(control="shuffled")}
    path = publish(
        tmp_path / "r", net(0.8), taken(0.9), taken(0.7, validation_fraction=FEW, **control)
    )
    of_it = findings(NAME, path)
    assert draws(of_it)
    assert {claim.id for claim in of_it.claims} == {"tuned"}
    assert of_it.answer[-1].startswith("Not judged, since runs that it takes are not among these")


def test_empty_results_say_so(tmp_path):
    empty = findings(NAME, publish(tmp_path / "r"))
    assert empty.answer == ("No run has results yet.",)
    assert empty.claims == () == empty.drawings


def test_two_seeds_support_nothing(tmp_path):
    nets = [net(0.8, seeds=2), taken(0.9, seeds=2), taken(0.85, 5, seeds=2)]
    assert set(verdicts(NAME, publish(tmp_path / "r", *nets)).values()) == {"inconclusive"}


def test_every_drawing_draws(tmp_path):
    sizes = [net(0.6, validation_fraction=share) for share in (0.936, 0.6)]
    control = taken(0.6, initializer=law(control="shuffled"))
    codes = [probed((0.9, 0.8), (0.8, 0.8), **TAKEN), probed((0.9, 0.8), (0.8, 0.8), **DIGITS)]
    made = [*cases(), *curve()[1:], *frozen(3)[1:5], *sizes, control, *codes]
    path = publish(tmp_path / "r", *made)
    shown = findings(NAME, path).drawings
    names = [drawing.name for drawing in shown]
    assert names == [
        "similar", "different", "controls-similar", "frozen", "images", "layers", "variance",
        "codes-many-similar", "codes-many-different",
    ]  # fmt: skip
    for drawing in shown:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption
        assert drawing.alt.endswith(".")
