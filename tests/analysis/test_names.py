import pytest

from initlab.analysis.names import FAMILIES, initializer_order, short_name, short_names
from initlab.spec.laws import LAW_NAMES, PRETRAINED


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("he_normal", "He normal"),
        ("normal(stddev=0.01)", "normal 0.01"),
        ("normal(stddev=1e-07, mean=0.05)", "normal 1e-7, mean 0.05"),
        ("fan_in_normal(weight_variance=1.55051881)", "1.55/fan-in normal"),
        ("fan_in_normal(weight_variance=1)", "1/fan-in normal"),
        ("tied_halves(weight_variance=1)", "tied halves"),
        ("tied_halves(weight_variance=2, tie=units)", "2/fan-in tied halves, units only"),
        ("orthogonal(gain=1.41421356237)", "orthogonal times 1.41"),
        ("uniform(low=-0.1, high=0.1)", "uniform -0.1 to 0.1"),
        ("constant(value=0.05) + readout lecun_normal", "constant 0.05, readout LeCun normal"),
        ("he_leaky_normal(negative_slope=0.5)", "He leaky normal, slope 0.5"),
        ("variance_scaling(scale=2)", "2/fan-in truncated normal"),
        (
            "variance_scaling(scale=0.5, mode=fan_geo_avg, distribution=uniform)",
            "0.5/geometric mean fan uniform",
        ),
        ("caffe_xavier", "Caffe Xavier"),
        ("caffe_msra(mode=fan_out)", "Caffe MSRA, fan-out"),
        ("lenet_class_uniform(pool_area=9)", "LeNet class uniform, pooled 9"),
        ("siren_first(folded_omega=30)", "SIREN first, frequency 30"),
        ("siren_hidden(omega=1)", "SIREN hidden, frequency 1"),
        ("random_walk(activation=linear)", "random walk, linear"),
        ("sparse(sparsity=0.9)", "sparse 0.9"),
        ("sparse(sparsity=0.9, stddev=0.1)", "sparse 0.9, normal 0.1"),
        ("sparse_incoming(connections=10)", "sparse incoming 10"),
        ("delta_orthogonal(gain=1.41421356237)", "delta-orthogonal times 1.41"),
        ("pretrained(checkpoint=clothes)", "pretrained on clothes"),
        (
            "pretrained(checkpoint=clothes?width=8, layers=1+3, control=moment_matched)",
            "pretrained on clothes?width=8, layers 1+3, moment matched",
        ),
        ("he_normal(gain=2)", "He normal times 2"),
        ("he_normal(unheard_of=2)", "he normal(unheard of=2)"),
        ("my_own(alpha=2)", "my own(alpha=2)"),
        (r"$\frac$", r"$\frac$"),
        ("normal(stddev=many)", "normal many"),
    ],
)
def test_short_name(label, name):
    assert short_name(label) == name


def test_every_law_has_a_family():
    assert set(FAMILIES) == {*LAW_NAMES, PRETRAINED}
    written = [name for name in FAMILIES.values() if name]
    # Gaussians of the fan-in are told from those of a fixed deviation by their numbers.
    assert [name for name in dict.fromkeys(written) if written.count(name) > 1] == ["normal"]


def test_labels_that_would_look_alike_keep_their_digits():
    near = ["fan_in_normal(weight_variance=1.55051881)", "fan_in_normal(weight_variance=1.55)"]
    assert short_names(near) == {label: label for label in near}
    assert short_names([*near[:1], "zeros"])[near[0]] == "1.55/fan-in normal"


def test_initializers_stand_by_family_and_then_by_number_not_by_text():
    labels = ["normal(stddev=1)", "he_normal", "normal(stddev=0.01)", "zeros", "unheard_of"]
    assert sorted(labels, key=initializer_order) == [
        "zeros",
        "normal(stddev=0.01)",
        "normal(stddev=1)",
        "he_normal",
        "unheard_of",
    ]
