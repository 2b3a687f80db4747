import math

import pytest

from initlab.analysis.profiles import BACKWARD, FORWARD

from .tables import findings, not_drawn, publish, trial, trials, verdicts

NAME = "residual_depth"
CLAIMS = {
    "degrades", "improves", "above", "hands-on", "predicted", "doubles", "stable-rate",
    "best-rate", "law", "trains", "gains", "identity", "memory",
}  # fmt: skip


@pytest.fixture(autouse=True)
def ten_steps_are_many(monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 10)


def net(
    model,
    *,
    norm="batch",
    accuracy=0.8,
    rate=0.1,
    loss=0.1,
    block=2.0,
    back=1.0,
    predicted=None,
    **fields,
):
    """A net that ends at `accuracy`; `block` a sum forward, `back` a layer on the way back."""
    depth = int(model.removeprefix("resnet").removeprefix("plain"))
    residual = model.startswith("resnet")
    number = (depth - 2) // 6

    def is_sum(layer):
        return residual and layer >= 3 and layer % 2 == 1

    def name(layer):
        return "readout" if layer == depth else f"{'sum' if is_sum(layer) else 'conv'}_{layer}"

    def forward(layer):
        """Starts anew in each stage, as if nothing had been before it."""
        return block ** (((layer - 3) // 2) % number) if is_sum(layer) else 1.0

    reached = {name: accuracy for name in ("train_accuracy", "validation_accuracy")}
    theory = {}
    if predicted is not None:
        theory = {
            "predictions": {BACKWARD: [predicted ** (depth - i) for i in range(1, depth + 1)]}
        }
    return trial(
        model=model,
        depth=depth,
        norm=norm,
        learning_rate=rate,
        name=name,
        layers={
            FORWARD: lambda seed, step, layer: forward(layer) * (1 + seed / 1e3),
            BACKWARD: lambda seed, step, layer: back ** (depth - layer),
        },
        records=reached
        | {
            "test_accuracy": accuracy,
            "train_loss": lambda seed, step, layer: loss if step == 10 else 2.3,
        },
        **theory,
        **({"residual": "plain", "optimizer": "momentum"} | fields),
    )


def sweep(**changed):
    """Nets of which every claim holds, but for what is changed: names to fields."""
    made = {
        "plain20": net("plain20", accuracy=0.8, back=1.4, predicted=1.4),
        "plain56": net("plain56", accuracy=0.5, back=1.4, predicted=1.4),
        "resnet20": net("resnet20", accuracy=0.82, back=1.1),
        "resnet56": net("resnet56", accuracy=0.86, back=1.1),
        "bare20": net("resnet20", norm="none", accuracy=0.7, rate=0.01),
        "fast20": net("resnet20", norm="none", accuracy=0.1, loss=9.0),
        "slow20": net("resnet20", accuracy=0.6, rate=0.01),
        "bare56": net("resnet56", norm="none", accuracy=0.1),
        "half": net("resnet20", accuracy=0.7, initializer="fan_in_normal(weight_variance=0.5)"),
        "skip": net("resnet56", norm="none", accuracy=0.75, residual="skip_init", block=1.0),
        "zero": net("resnet56", accuracy=0.9, residual="zero_gamma", block=1.0),
    }
    return list((made | changed).values())


def test_nets_as_the_literature_has_them_support_every_claim(tmp_path):
    found = verdicts(NAME, publish(tmp_path / "r", *sweep()))
    # A plain sum is not the identity before training: it doubles the mean square.
    plain = {name for name in found if name.startswith("identity-ResNet")}
    assert {found[name] for name in plain} == {"refuted"}
    assert {found[name] for name in found if name not in plain} == {"supported"}, found
    assert {name for name in found if name.startswith("identity")} - plain == {
        "identity-SkipInit-no-norm-depth-56", "identity-zero-gamma-batch-norm-depth-56",
    }  # fmt: skip
    claims = findings(NAME, publish(tmp_path / "s", *sweep())).claims
    assert {claim.id for claim in claims} == CLAIMS


@pytest.mark.parametrize(
    ("changed", "refuted"),
    [
        ({"plain56": net("plain56", accuracy=0.84, back=1.4)}, "degrades-test"),
        ({"plain56": net("plain56", accuracy=0.9, back=1.4)}, "above-training-depth-56"),
        ({"resnet56": net("resnet56", accuracy=0.6)}, "improves-training"),
        ({"resnet56": net("resnet56", back=2.0)}, "hands-on-batch-norm-depth-56"),
        ({"plain20": net("plain20", back=1.4, predicted=1.7)}, "predicted-plain-net-batch-norm"),
        ({"bare56": net("resnet56", norm="none", block=1.5)}, "doubles-depth-56"),
        ({"fast20": net("resnet20", accuracy=0.1, loss=9.0, rate=0.3)}, None),
        ({"half": net("resnet20", accuracy=0.9, initializer="lecun_normal")}, "law-batch-norm"),
        (
            {"skip": net("resnet56", norm="none", accuracy=0.3, residual="skip_init")},
            "trains-SkipInit",
        ),
        ({"zero": net("resnet56", accuracy=0.7, residual="zero_gamma")}, "gains-zero-gamma"),
    ],
)
def test_nets_that_do_otherwise_refute_it(tmp_path, changed, refuted):
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(**changed)))
    against = [
        name
        for name, verdict in found.items()
        if verdict == "refuted" and not name.startswith("identity")
    ]
    assert [name for name in against if name.startswith(refuted)] if refuted else not against


def test_few_steps_tell_neither_degradation_nor_a_stall(tmp_path, monkeypatch):
    monkeypatch.setattr("initlab.analysis.claims.few_steps.MANY", 11)
    late = {
        "resnet56": net("resnet56", accuracy=0.6),
        "skip": net("resnet56", norm="none", accuracy=0.3, residual="skip_init"),
        "zero": net("resnet56", accuracy=0.4, residual="zero_gamma"),
    }
    found = trials(NAME, publish(tmp_path / "r", *sweep(**late)))
    undecided = {claim.id: claim.predicted for claim in found if claim.verdict == "inconclusive"}
    assert {name for name in undecided if not name.startswith(("hands-on", "doubles"))} == {
        *(f"{what}-{part}" for what in ("degrades", "improves") for part in ("training", "test")),
        "trains-SkipInit-no-norm", "trains-zero-gamma-batch-norm", "gains-zero-gamma-batch-norm",
    }  # fmt: skip
    assert undecided["improves-test"] == (
        "above 0 (test accuracy gained); not refuted within 11 steps, in which a stall and a slow "
        "start look alike"
    )


def test_a_rate_is_as_high_as_it_is_stable_or_best(tmp_path):
    of_it = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *sweep()))}
    # 0.1 with normalization; without it 0.01, above which the loss ends over its start.
    assert of_it["stable-rate-ResNet-depth-20"].measured == pytest.approx(1.0)
    assert of_it["best-rate-ResNet-depth-20"].measured == pytest.approx(1.0)


def test_rates_that_reach_the_end_of_the_grid_tell_nothing(tmp_path):
    alike = {
        "bare20": net("resnet20", norm="none", rate=0.1),
        "fast20": net("resnet20", norm="none", accuracy=0.6, rate=0.01),
    }
    found = verdicts(NAME, publish(tmp_path / "r", *sweep(**alike)))
    assert not [name for name in found if name.endswith("rate-ResNet-depth-20")]


def test_growth_is_that_of_blocks_within_a_stage(tmp_path):
    of_it = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *sweep()))}
    assert of_it["doubles-depth-20"].measured == pytest.approx(2.0)
    ratio = of_it["predicted-plain-net-batch-norm-depth-20"]
    assert ratio.measured == pytest.approx(18 * math.log10(1.4))  # from layer 19 back to layer 1


def test_early_halvings_save_what_the_places_after_them_would_take(tmp_path):
    of_it = {claim.id: claim for claim in trials(NAME, publish(tmp_path / "r", *sweep()))}
    # ResNet 18 by hand, in channels times places: the first convolution with its normalization has
    # 64 x 112^2 twice, the pool 64 x 56^2; a stage of c channels and n^2 places has 10 maps (two
    # blocks of two convolutions, each with its normalization, and a sum), and but for the first two
    # more of a projection. Without the halvings these have 16 times the places.
    stages = [64 * 56**2 * 10, 128 * 28**2 * 12, 256 * 14**2 * 12, 512 * 7**2 * 12]
    own = 2 * 64 * 112**2 + 64 * 56**2 + sum(stages) + 512 + 1000
    whole = 2 * 64 * 224**2 + 16 * sum(stages) + 512 + 1000
    assert of_it["memory-18"].measured == pytest.approx(whole / own)
    assert of_it["memory-18"].interval is None


def test_every_drawing_draws_and_every_claim_is_shown(tmp_path):
    found = findings(NAME, publish(tmp_path / "r", *sweep()))
    drawn = {drawing.name for drawing in found.drawings}
    figures = {"depth", "gradient", "signal", "rates", "laws", "variants", "memory"}
    assert drawn == figures | {"curves"}
    assert {claim.figure for claim in found.claims} == figures
    # Stable rates follow from losses, and are in the table `arms`.
    assert [name for name in not_drawn(found) if not name.startswith("stable-rate")] == []
    for drawing in found.drawings:
        assert drawing.draw(drawing.table).axes
        assert ("n = " in drawing.caption) != (drawing.name == "memory")
        assert drawing.alt.endswith(".")


def test_two_seeds_support_nothing(tmp_path):
    few = [one | {"seeds": 2} for one in sweep()]
    found = verdicts(NAME, publish(tmp_path / "r", *few))
    measured = {name for name in found if not name.startswith("memory")}  # that is counted
    assert "supported" not in {found[name] for name in measured}


@pytest.mark.parametrize("model", ["convnet", "resnet50", "plain50"])
def test_nothing_and_other_nets_say_so(tmp_path, model):
    assert findings(NAME, publish(tmp_path / "r")).answer == ("No run has results yet.",)
    records = {"test_accuracy": 0.9, "validation_accuracy": 0.9}
    other = trial(records=records, model=model, residual="plain", norm="none")
    found = findings(NAME, publish(tmp_path / "s", other))
    assert found.answer == ("The runs hold nothing that a claim is about.",)
    assert found.claims == () == found.drawings
