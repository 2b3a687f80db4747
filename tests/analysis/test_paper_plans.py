"""Papers' plans counted, and facts on sizes, against numbers of the literature."""

import dataclasses
import math

import pytest

from initlab.analysis.claims.sizes import claims_on_sizes
from initlab.analysis.claims.trials import each_trial
from initlab.analysis.half_variances import half_variances
from initlab.analysis.paper_plans import (
    PLANS,
    dense_parameters,
    early_memory,
    flattened_head,
    has_average,
    one_by_one,
    plans_to_read,
    shares_by_layer,
)
from initlab.analysis.size_facts import size_facts

FACTS = {fact.name: fact for fact in size_facts()}


def test_most_parameters_of_vgg_16_are_dense():
    # 25,088 x 4,096, 4,096 x 4,096 and 4,096 x 1,000, with biases, of torchvision's 138,357,544.
    assert dense_parameters("vgg16") == pytest.approx(123_642_856 / 138_357_544)


def test_early_memory_is_that_up_to_the_middle_convolution():
    # The first convolution's 28x28x6 and its pool's 14x14x6, of 8,094 numbers.
    assert early_memory("lenet") == pytest.approx((4_704 + 1_176) / 8_094)
    # VGG's notes: 64 channels twice and their pool, 128 twice and theirs, then 256 three times.
    numbers = 224**2 * 64 * 2 + 112**2 * 64 + 112**2 * 128 * 2 + 56**2 * 128 + 56**2 * 256 * 3
    numbers += 28**2 * 256
    later = 28**2 * 512 * 3 + 14**2 * 512 * 4 + 7**2 * 512 + 4_096 * 2 + 1_000
    assert early_memory("vgg16") == pytest.approx(numbers / (numbers + later))


def test_a_flattened_head_of_googlenet_holds_fifty_million_weights():
    assert flattened_head("googlenet") == (1_024_000, 7 * 7 * 1024 * 1000)


def test_nets_that_average_are_these():
    assert [model for model in PLANS if has_average(model)] == ["nin", "googlenet", "resnet18"]


def test_filters_of_one_tap_are_counted():
    # Six in network in network; in GoogLeNet one before the modules, and four in each of nine.
    assert [len(one_by_one(model)) for model in ("nin", "googlenet", "vgg16")] == [6, 37, 0]
    assert all(one_by_one("googlenet"))


def test_shares_come_to_all():
    table = shares_by_layer()
    ends = table.sort_values("layer").groupby(["model", "statistic"])["value"].last()
    assert len(ends) == 2 * len(PLANS)
    assert ends.to_numpy() == pytest.approx(1.0)
    assert len(plans_to_read()) == len(PLANS)


def test_facts_hold_but_for_the_four_mistakes():
    assert {name for name, fact in FACTS.items() if not fact.holds} == {
        name for name, fact in FACTS.items() if fact.mistaken
    }
    found = {name: FACTS[name].found for name in FACTS if FACTS[name].mistaken}
    assert found == {
        "mistake-stride": 16,
        "mistake-vgg": 1,
        "mistake-alexnet": 256,
        "mistake-seven": 26,
    }


def test_facts_are_found_by_the_code_that_builds():
    assert FACTS["window-products"].found == 75
    assert FACTS["window-six"].shape == "28x28x6"
    assert FACTS["window-ten"].shape == "24x24x10"
    assert FACTS["window-stride-3"].found == pytest.approx(7 / 3)
    assert FACTS["plan-alexnet"].shape == "55x55x96"
    assert FACTS["mistake-alexnet"].shape == "6x6x256"


def test_a_number_that_is_told_rounded_may_part_by_half_a_unit_and_no_more():
    flat = FACTS["plan-googlenet-flattened"]
    assert flat.holds
    assert not dataclasses.replace(flat, stated=50.3e6).holds


def test_claims_on_sizes_are_supported_and_mistakes_refuted():
    claims = claims_on_sizes()
    refuted = {claim.id for claim in claims if claim.verdict == "refuted"}
    assert refuted == {name for name in FACTS if name.startswith("mistake")}
    assert {claim.verdict for claim in claims} == {"supported", "refuted"}
    assert all(claim.n == 0 and claim.interval is None for claim in each_trial(claims))


RUN = {
    "model": "vgg11",
    "norm": "none",
    "dataset": "fashion",
    "image_size": 14,
    "width": 8,
    "activation": "relu",
}


def test_half_variances_of_he_are_ones():
    assert half_variances(RUN | {"initializer": "he_normal"}) == pytest.approx(0.0)


def test_half_variances_follow_the_fan_in():
    # Fan-ins behind the first layer: convolutions 72, 144, 288, 288, 576, 576, 576; the image is
    # 3 by 3 at the end, of 64 channels; two dense layers of 512.
    fans = [72, 144, 288, 288, 576, 576, 576, 576, 512, 512]
    expected = sum(math.log10(fan * 0.01 / 2) for fan in fans) / len(fans)
    assert half_variances(RUN | {"initializer": "vgg_normal"}) == pytest.approx(expected)


def test_half_variances_of_a_recipe_differ_by_layer():
    run = RUN | {"model": "alexnet", "norm": "local_response", "width": 12}
    paper, caffe = (
        half_variances(run | {"initializer": law})
        for law in ("alexnet_recipe", "bvlc_alexnet_recipe")
    )
    # Two of the seven layers after the first have half the deviation.
    assert paper - caffe == pytest.approx(2 * math.log10(4) / 7)


@pytest.mark.parametrize(
    "other", [{"activation": "tanh"}, {"norm": "batch"}, {"initializer": "zfnet_constant"}]
)
def test_half_variances_say_nothing_of_other_layers(other):
    assert math.isnan(half_variances(RUN | {"initializer": "he_normal"} | other))
