import math

import pytest

from initlab.analysis.half_variances import half_variances
from initlab.analysis.profiles import BACKWARD, FORWARD, VARIANCES
from initlab.analysis.run_rows import weight_rows
from initlab.architectures.families import FAMILIES

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "architectures"
CLAIMS = {
    "own", "carried", "modern", "he", "gains", "norm", "constant", "holds-forward",
    "holds-backward", "vanishes", "halves", "predicted-forward",
    "predicted-backward", "rule-drawn", "rule-signal",
    "rule-stalls", "rule-trains", "times", "power", "window", "same", "plan", "scale",
    "mistake-stride", "mistake-vgg", "mistake-alexnet", "mistake-seven", "memory", "dense",
    "averaging", "mixing",
}  # fmt: skip
MISTAKES = {name for name in CLAIMS if name.startswith("mistake")}
BOUNDS = {
    "lenet_uniform": lambda fan_in, fan_out: 1 / fan_in,
    "lenet_demo_uniform": lambda fan_in, fan_out: fan_in**-0.5,
    "lenet_tutorial_recipe": lambda fan_in, fan_out: (6 / (fan_in + fan_out)) ** 0.5,
}


@pytest.fixture(autouse=True)
def ten_steps_are_many(monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 10)


def net(model, law, *, norm=None, accuracy=0.8, step=None, back=0.0, theory=None, **fields):
    """A net that ends at `accuracy`; its variance changes by `step` powers of ten a layer.

    By default as half its weight variances say.
    """
    family = FAMILIES[model]
    run = {
        "model": model,
        "norm": family.norm if norm is None else norm,
        "width": family.width,
        "depth": family.depth,
        "initializer": law,
        "activation": "relu",
        "dataset": "fashion",
        "image_size": 14,
        "residual": "plain",
        "learning_rate": 0.1,
    } | fields
    known = half_variances(run) if step is None else step
    change = 0.0 if math.isnan(known) else known

    def forward(seed, step, layer):
        return 10 ** (change * (layer - 1)) * (1 + seed / 1e3)

    columns = dict.fromkeys((FORWARD, VARIANCES["forward"]), forward)
    columns[VARIANCES["backward"]] = lambda seed, step, layer: 10 ** (-back * (layer - 1))
    if law in BOUNDS:
        columns["kernel_variance"] = drawn(run, BOUNDS[law])
    predicted = {}
    if theory is not None:
        ahead = [10 ** (theory * layer) for layer in range(family.depth)]
        behind = [10 ** (theory * (layer - family.depth)) for layer in range(family.depth)]
        predicted = {"predictions": {FORWARD: ahead, BACKWARD: behind}}
    ends = dict.fromkeys(("train_accuracy", "validation_accuracy", "test_accuracy"), accuracy)
    return trial(
        layers=columns,
        records=ends | {"train_loss": 1.0},
        name=lambda layer: "readout" if layer == family.depth else f"conv_{layer}",
        **predicted,
        **run,
    )


def drawn(run, bound):
    """The variances of a uniform law, scattered over seeds as those of many numbers are."""
    rows = weight_rows(run)

    def variance(seed, step, layer):
        *window, inputs, outputs = rows[layer - 1].kernel_shape
        taps = math.prod(window)
        fan_out = taps * outputs // (4 if window else 1)
        return bound(taps * inputs, fan_out) ** 2 / 3 * (1 + (seed - 2) / 1e4)

    return variance


def one_layer(model, size, gradient):
    """A layer whose kernel's gradient has the given variance; seeds scatter by a hundredth."""
    columns = {"kernel_gradient_variance": lambda seed, step, layer: gradient * (1 + seed / 1e2)}
    return trial(
        layers=columns, model=model, depth=2, width=32, norm="none", dataset="fashion",
        image_size=size, residual="plain",
    )  # fmt: skip


def sweep(**changed):
    """Nets of which every claim holds, but for what is changed: names to trials."""
    made = {
        "lenet": net("lenet", "lenet_paper_uniform", activation="tanh", accuracy=0.7),
        "text": net("lenet", "lenet_uniform", activation="tanh", accuracy=0.1, step=-2.3),
        "picture": net("lenet", "lenet_demo_uniform", activation="tanh", step=-0.5),
        "code": net("lenet", "lenet_tutorial_recipe", activation="tanh", step=-0.05),
        "lenet-he": net("lenet", "he_normal", theory=0.0),
        "lenet-norm": net("lenet", "he_normal", norm="batch", accuracy=0.9),
        "zfnet": net("zfnet", "zfnet_normal", accuracy=0.6),
        "constant": net("zfnet", "zfnet_constant", accuracy=0.3),
        "zfnet-carried": net("zfnet", "normal(stddev=0.0282843)", accuracy=0.65),
        "zfnet-he": net("zfnet", "he_normal"),
        "zfnet-norm": net("zfnet", "he_normal", norm="batch", accuracy=0.9),
        "shared-2": one_layer("convnet", 2, 4.0),
        "local-2": one_layer("local", 2, 1.0),
        "shared-7": one_layer("convnet", 7, 4.9),
        "local-7": one_layer("local", 7, 0.1),
    }
    return list((made | changed).values())


def test_nets_as_predicted_support_every_claim_but_the_mistakes(tmp_path):
    path = publish(tmp_path / "r", *sweep())
    found = verdicts(NAME, path)
    assert {name for name, verdict in found.items() if verdict != "supported"} == MISTAKES
    assert {claim.id for claim in findings(NAME, path).claims} == CLAIMS


def test_few_steps_tell_neither_a_stall_nor_a_net_that_trains_late(tmp_path, monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 11)
    late = {
        "zfnet": net("zfnet", "zfnet_normal", accuracy=0.1),
        "code": net("lenet", "lenet_tutorial_recipe", activation="tanh", accuracy=0.1, step=-0.05),
    }
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(**late)))
    undecided = {name for name, verdict in found.items() if verdict == "inconclusive"}
    assert {"own-ZFNet", "constant"} <= undecided
    assert {
        "rule-stalls-tutorial-s-text",
        "rule-trains-tutorial-s-code",
    } & found.keys() <= undecided
    assert found["own-LeNet"] == "supported"


@pytest.mark.parametrize(
    ("changed", "refuted"),
    [
        (
            {"lenet": net("lenet", "lenet_paper_uniform", activation="tanh", accuracy=0.1)},
            "own-LeNet",
        ),
        (
            {"zfnet-carried": net("zfnet", "normal(stddev=0.0282843)", accuracy=0.2)},
            "carried-ZFNet",
        ),
        ({"lenet-norm": net("lenet", "he_normal", norm="batch", accuracy=0.3)}, "modern-LeNet"),
        ({"zfnet-norm": net("zfnet", "he_normal", norm="batch", accuracy=0.55)}, "gains-ZFNet"),
        ({"zfnet-norm": net("zfnet", "he_normal", norm="batch", accuracy=0.75)}, "norm-ZFNet"),
        ({"zfnet-he": net("zfnet", "he_normal", accuracy=0.3)}, "he-ZFNet"),
        ({"constant": net("zfnet", "zfnet_constant", accuracy=0.7)}, "constant"),
        ({"zfnet-he": net("zfnet", "he_normal", step=0.5)}, "holds-forward-ZFNet"),
        ({"zfnet-he": net("zfnet", "he_normal", back=-0.5)}, "holds-backward-ZFNet"),
        ({"zfnet": net("zfnet", "zfnet_normal", step=-0.1)}, "vanishes-zfnet-published"),
        ({"zfnet": net("zfnet", "zfnet_normal", step=-2.5)}, "halves-ZFNet-published"),
        ({"lenet-he": net("lenet", "he_normal", theory=0.2)}, "predicted-forward-LeNet"),
        ({"lenet-he": net("lenet", "he_normal", theory=0.2)}, "predicted-backward-LeNet"),
        (
            {"text": net("lenet", "lenet_uniform", activation="tanh", accuracy=0.6, step=-2.3)},
            "rule-stalls",
        ),
        (
            {"code": net("lenet", "lenet_tutorial_recipe", activation="tanh", accuracy=0.3)},
            "rule-trains",
        ),
        (
            {"picture": net("lenet", "lenet_demo_uniform", activation="tanh", step=0.5)},
            "rule-signal",
        ),
        ({"local-7": one_layer("local", 7, 0.2)}, "times-49"),
        ({"shared-7": one_layer("convnet", 7, 9.0)}, "power"),
    ],
)
def test_nets_that_do_otherwise_refute_it(tmp_path, changed, refuted):
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(**changed)))
    against = {name for name, verdict in found.items() if verdict == "refuted"} - MISTAKES
    assert [name for name in against if name.startswith(refuted)]


def test_where_theory_stops_on_its_way_nothing_is_said_of_it(tmp_path):
    half = net("lenet", "he_normal", theory=0.0)
    half["predictions"].loc[:1, BACKWARD] = math.nan
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(**{"lenet-he": half})))
    assert [name for name in found if name.startswith("predicted-forward")]
    assert not [name for name in found if name.startswith("predicted-backward")]


def test_weights_of_another_variance_refute_a_formula(tmp_path):
    text = net("lenet", "lenet_uniform", activation="tanh", accuracy=0.1, step=-2.3)
    text["layers"]["kernel_variance"] = text["layers"]["kernel_variance"]
    own = text["layers"]["kernel_variance"]
    text["layers"]["kernel_variance"] = lambda seed, step, layer: 3 * own(seed, step, layer)
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(text=text)))
    refuted = [name for name, verdict in found.items() if verdict == "refuted"]
    assert [name for name in refuted if name.startswith("rule-drawn-tutorial-s-text")]


def test_each_arm_has_the_rate_of_its_own_validation_accuracy(tmp_path):
    slow = net("zfnet", "zfnet_normal", accuracy=0.3, learning_rate=0.001)
    of_it = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *sweep(slow=slow)))}
    assert of_it["own-ZFNet"].measured == pytest.approx(0.6)
    [arms] = [
        listing.table
        for listing in findings(NAME, publish(tmp_path / "s", *sweep(slow=slow))).listings
        if listing.name == "arms"
    ]
    row = arms[(arms["net"] == "ZFNet") & (arms["arm"] == "published")].iloc[0]
    assert (row["rate"], row["at an end"]) == (0.1, "yes")


def test_a_ratio_is_that_of_a_convolution_to_a_locally_connected_layer(tmp_path):
    of_it = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *sweep()))}
    assert of_it["times-4"].measured == pytest.approx(4.0)
    assert of_it["times-49"].measured == pytest.approx(49.0)
    assert of_it["power"].measured == pytest.approx(1.0)


def test_every_drawing_draws_and_every_claim_is_shown(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", *sweep()))
    drawn = {drawing.name for drawing in found.drawings}
    assert drawn == {
        "accuracy", "curves-1", "signal-lenet", "signal-zfnet", "rules", "sharing", "facts",
        "sizes",
    }  # fmt: skip
    # Facts on sizes come from no table of results.
    assert {claim.figure for claim in found.claims} == drawn - {"curves-1"}
    assert not_drawn(found) == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert "n = " in drawing.caption or "No seeds" in drawing.caption
        assert drawing.alt.endswith(".")


def test_two_seeds_support_nothing_but_sizes(tmp_path):
    few = [one | {"seeds": 2} for one in sweep()]
    found = findings(NAME, publish(tmp_path / "r", *few)).claims
    assert {claim.figure for claim in found if claim.verdict == "supported"} == {"facts", "sizes"}


def test_nothing_and_other_nets_say_so(tmp_path):
    assert findings(NAME, publish(tmp_path / "r")).answer == ("No run has results yet.",)
    other = trial(
        records={"test_accuracy": 0.9}, model="mlp", residual="plain", norm="none", image_size=14
    )
    found = findings(NAME, publish(tmp_path / "s", other))
    assert found.answer == ("The runs hold nothing that a claim is about.",)
    assert found.claims == () == found.drawings
