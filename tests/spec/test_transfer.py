"""What a run takes from a checkpoint, what is new, what is frozen, and what cannot be asked for."""

import pytest

from initlab.spec.fit import fit
from initlab.spec.layer_laws import layer_laws
from initlab.spec.parameters import layer_parameters
from initlab.spec.schema import RunSpec
from initlab.spec.transfer import layer_rates, new_layers, taken_layers

OWN = {"name": "pretrained", "checkpoint": "source"}
SHA256 = "0123456789abcdef" * 4


def run(**fields):
    return RunSpec.model_validate({"depth": 5, "width": 8} | fields)


def pretrained(law=None, **fields):
    return run(initializer=OWN | (law or {}), **fields)


def shapes(one):
    return {each.name: each.shape for layer in layer_parameters(one) for each in layer}


@pytest.mark.parametrize(
    ("one", "taken", "new"),
    [
        (run(), (), 1),
        (run(removed_layers=2), (), 2),
        (pretrained(), (1, 2, 3, 4, 5), 0),
        (pretrained(removed_layers=2), (1, 2, 3), 2),
        (pretrained({"layers": 3}), (1, 2, 3), 2),
        (pretrained({"layers": 3}, removed_layers=3), (1, 2), 3),
        (pretrained({"layers": [1, 2, 4, 5]}), (1, 2, 4, 5), 1),
    ],
)
def test_layers_are_the_checkpoints_or_new(one, taken, new):
    assert taken_layers(one) == taken
    assert new_layers(one) == new


def test_new_layers_are_of_the_heads_law():
    def kernels(one):
        return [law.kernel.name for law in layer_laws(one)]

    two = pretrained(removed_layers=2, bias_initializer="ones")
    assert kernels(two) == ["pretrained"] * 3 + ["he_normal"] * 2
    assert [law.bias.name for law in layer_laws(two)] == ["pretrained"] * 3 + ["ones"] * 2
    zeros = pretrained(removed_layers=2, head_initializer="zeros")
    assert kernels(zeros) == ["pretrained"] * 3 + ["zeros"] * 2
    scratch = run(initializer="ones", head_initializer="zeros", removed_layers=2)
    assert kernels(scratch) == ["ones"] * 3 + ["zeros"] * 2
    assert kernels(run(initializer="ones", head_initializer="zeros")) == ["ones"] * 4 + ["zeros"]


def test_rates_are_zero_where_layers_are_frozen_and_the_heads_in_the_head():
    def rates(**fields):
        return layer_rates(run(**fields, head_learning_rate_multiplier=10.0))

    assert rates() == (1, 1, 1, 1, 10)
    assert rates(frozen_layers=2) == (0, 0, 1, 1, 10)
    assert rates(initializer=OWN) == (1, 1, 1, 1, 10)
    assert rates(initializer=OWN, removed_layers=2, frozen_layers=1) == (0, 1, 1, 10, 10)
    assert rates(frozen_layers=5) == (0, 0, 0, 0, 0)


def test_rates_may_be_given_by_layer():
    by_layer = [0.1, 0.2, 0.5, 1.0, 2.0]
    assert layer_rates(run(learning_rate_multipliers=by_layer)) == (0.1, 0.2, 0.5, 1, 2)
    both = run(
        learning_rate_multipliers=by_layer, frozen_layers=1, head_learning_rate_multiplier=10.0
    )
    assert layer_rates(both) == (0, 0.2, 0.5, 1, 20)
    assert both.row()["learning_rate_multipliers"] == "0.1, 0.2, 0.5, 1, 2"
    ones = run(learning_rate_multipliers=[1.0] * 5)
    assert ones.run_id == run().run_id
    assert not ones.multiplied
    assert ones.row()["learning_rate_multipliers"] is None


def test_ids_cover_the_digest_and_trials_do_not():
    bound = pretrained({"sha256": SHA256}, seed=1)
    other = pretrained({"sha256": SHA256[::-1]}, seed=1)
    assert bound.run_id != other.run_id
    assert bound.trial_id == other.trial_id == pretrained(seed=2).trial_id
    assert bound.initializer.label == other.initializer.label == "pretrained(checkpoint=source)"
    assert bound.row()["checkpoint_sha256"] == SHA256
    assert "checkpoint_sha256" not in run().row()


def test_a_label_has_what_tells_a_law_from_others():
    law = pretrained({"layers": [1, 3], "control": "shuffled"}).initializer
    assert law.label == "pretrained(checkpoint=source, layers=1+3, control=shuffled)"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"frozen_layers": 6}, "`frozen_layers` = 6 is more than the 5 weight layers of 'mlp'"),
        (
            {"learning_rate_multipliers": [1.0, 0.5]},
            "`learning_rate_multipliers` names 2, one a layer, and 'mlp' has 5 weight layers",
        ),
        (
            {"initializer": OWN, "removed_layers": 5},
            "`removed_layers` = 5 leaves none of the 5 weight layers of 'mlp'",
        ),
        (
            {"initializer": OWN | {"layers": 6}},
            "`layers` of `initializer` asks for 6 layers, 'mlp' has 5",
        ),
        (
            {"initializer": OWN, "head_initializer": "zeros"},
            "`head_initializer` needs a new head, and every layer is pretrained: give "
            "`removed_layers`, or fewer `layers` of `initializer`",
        ),
        (
            {"initializer": OWN, "readout_initializer": "zeros"},
            "`readout_initializer` stands beside a pretrained `initializer`: give "
            "`head_initializer` and `removed_layers` = 1 in its place",
        ),
        (
            {"readout_initializer": "ones", "head_initializer": "zeros"},
            "`readout_initializer` and `head_initializer` both draw the last layer: give one",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_told(fields, fault):
    with pytest.raises(ValueError, match="Value error") as caught:
        run(**fields)
    assert f"Value error, {fault} [" in str(caught.value)


def test_a_checkpoint_of_the_same_model_fits():
    one = pretrained()
    fitted = fit(shapes(run()), one)
    assert fitted.faults == ()
    assert fitted.names == {name: name for name in shapes(one)}
    assert len(fitted.names) == 10


def test_a_head_for_other_classes_fits_where_the_old_one_is_removed():
    source = shapes(run())
    source["readout/kernel"], source["readout/bias"] = (8, 4), (4,)
    assert set(fit(source, pretrained()).faults) == {
        "readout/kernel has shape (8, 4), and the model needs (8, 10)",
        "readout/bias has shape (4,), and the model needs (10,)",
    }
    fitted = fit(source, pretrained(removed_layers=1))
    assert fitted.faults == ()
    assert set(fitted.names) == {name for name in source if not name.startswith("readout")}


def test_a_middle_layer_can_be_left_out():
    source = shapes(run(depth=5))
    fitted = fit(source, pretrained({"layers": [1, 2, 4, 5]}, depth=4))
    assert fitted.faults == ()
    assert fitted.names["hidden/1/kernel"] == "hidden/2/kernel"
    assert fitted.names["readout/bias"] == "readout/bias"


def test_everything_that_does_not_fit_is_told():
    source = shapes(run())
    del source["hidden/0/bias"]
    source["hidden/1/scale"] = (8,)
    # Arrays are told by the order of layers: an odd one stands after its kernel.
    order = ["hidden/1/kernel", "hidden/1/bias", "hidden/1/scale"]
    names = [name for name in source if name not in order]
    at = names.index("hidden/2/kernel")
    source = {name: source[name] for name in [*names[:at], *order, *names[at:]]}
    source["first/kernel"] = (64, 9)
    assert fit(source, pretrained()).faults == (
        "first/kernel has shape (64, 9), and the model needs (64, 8)",
        "lacks hidden/0/bias of shape (8,)",
        "has hidden/1/scale, which the model lacks",
    )


def test_of_a_missing_kernel_nothing_is_said_but_that():
    source = shapes(run())
    del source["hidden/0/kernel"]
    assert fit(source, pretrained()).faults == (
        "has 4 weight layers, and 'mlp' has 5",
        "has 4 weight layers, and layer 5 is asked for",
        "lacks hidden/0/kernel of shape (8, 8)",
    )


def test_another_architecture_does_not_fit():
    convolutions = shapes(run(model="convnet"))
    assert fit(convolutions, pretrained()).faults[0] == (
        "first/kernel has shape (3, 3, 1, 8), and the model needs (64, 8)"
    )
    deeper = fit(shapes(run(depth=6)), pretrained())
    assert deeper.faults[0] == "has 6 weight layers, and 'mlp' has 5"
    shallower = fit(shapes(run(depth=3)), pretrained({"layers": 4}))
    assert shallower.faults[0] == "has 3 weight layers, and layer 4 is asked for"
