"""The whole text of every message that a wrong `sweep.toml` can meet."""

import time

import pytest

from initlab.errors import SpecError
from initlab.spec.load import load_sweep

LAWS = (
    "zeros, ones, lecun_normal, lecun_uniform, glorot_normal, glorot_uniform, he_normal, "
    "he_uniform, lenet_uniform, pytorch_default, keras_default, flax_default, haiku_default, "
    "lenet_demo_uniform, lenet_sigmoid_uniform, lenet_paper_uniform, alexnet_normal, "
    "caffenet_dense_normal, vgg_normal, vgg_port_normal, zfnet_normal, zfnet_constant, "
    "nin_normal, dirac, zero_hadamard, "
    "constant, normal, truncated_normal, uniform, fan_in_normal, tied_halves, orthogonal, "
    "identity, delta_orthogonal, variance_scaling, he_leaky_normal, he_leaky_uniform, "
    "caffe_xavier, caffe_msra, lenet_class_uniform, siren_first, siren_hidden, random_walk, "
    "sparse, sparse_incoming, sobel, prewitt, laplacian, gabor, curve_detector, x_detector, "
    "alexnet_recipe, bvlc_alexnet_recipe, caffenet_recipe, googlenet_recipe, "
    "lenet_tutorial_recipe"
)
ACTIVATIONS = (
    "identity, relu, leaky_relu, tanh, sigmoid, elu, selu, gelu, gelu_tanh, silu, mish, softplus, "
    "softsign, sin, hard_tanh, erf"
)
FIELDS = (
    "model, scale, norm, residual, kernel_size, padding, pooling, after_pooling, dropout, "
    "readout, auxiliary_heads, depth, width, first_window, activation, initializer, "
    "first_initializer, "
    "readout_initializer, bias_initializer, removed_layers, head_initializer, frozen_layers, "
    "head_learning_rate_multiplier, learning_rate_multipliers, scheme, dataset, classes, "
    "image_size, inputs, augmentation, probes, validation_fraction, batch_size, steps, loss, "
    "target, optimizer, learning_rate, learning_rate_schedule, warmup_steps, momentum, "
    "adam_beta1, adam_beta2, adam_epsilon, gradient_clip, weight_decay, dtype, matmul_precision"
)
SETS = "digits, fashion, photo_patches, shapes, mnist5k, fashion_full, mnist, cifar10, cifar100"
TABLES = "question, seeds, base, axes, zip, grids, cases, exclude, measure"
A_LAW = "must be a law's name, or a table with a `name`"
A_SCHEDULE = 'must be "log", "every", { every = n } or a list of steps'

IN_BASE = {
    "depth = 0": "depth: must be at least 1, got 0.",
    "depth = 10001": "depth: must be at most 10000, got 10001.",
    'depth = "3"': "depth: must be a whole number, got '3'.",
    "depth = true": "depth: must be a whole number, got true.",
    "depth = 3.0": "depth: must be a whole number, got 3.0.",
    "width = -3": "width: must be at least 1, got -3.",
    "batch_size = 1": "batch_size: must be at least 2, got 1.",
    'learning_rate = "0.1"': "learning_rate: must be a number, got '0.1'.",
    "learning_rate = nan": "learning_rate: must be a finite number, got nan.",
    "learning_rate = -inf": "learning_rate: must be a finite number, got -inf.",
    "learning_rate = 1979-05-27": "learning_rate: must be a number, got 1979-05-27.",
    "validation_fraction = 1.0": "validation_fraction: must be less than 1.0, got 1.0.",
    "gradient_clip = 0.0": "gradient_clip: must be greater than 0.0, got 0.0.",
    "gradient_clip = nan": "gradient_clip: must be a finite number, got nan.",
    "gradient_clip = true": 'gradient_clip: must be "none" or a number above 0, got true.',
    'gradient_clip = "nnoe"': "gradient_clip: unknown name 'nnoe'. Did you mean `none`? "
    "Known: none.",
    'dataset = "digit"': f"dataset: unknown name 'digit'. Did you mean `digits`? Known: {SETS}.",
    "dataset = 3": f"dataset: must be one of {SETS}, got 3.",
    "depht = 3": f"depht: unknown field. Did you mean `depth`? Known: {FIELDS}.",
    "Depth = 3": f"Depth: unknown field. Did you mean `depth`? Known: {FIELDS}.",
    "lr = 3": f"lr: unknown field. Did you mean `learning_rate`? Known: {FIELDS}.",
    "seed = 3": "seed: seeds are declared above all tables: seeds = 5, or seeds = [3, 14].",
    "measure = {}": "measure: belongs at the top of the file, not in a table of fields.",
    'activation = "rleu"': "activation: unknown name 'rleu'. Did you mean `relu`? "
    f"Known: {ACTIVATIONS}.",
    'activation = "Swish"': "activation: unknown name 'Swish'. Did you mean `silu`? "
    f"Known: {ACTIVATIONS}.",
    'activation = { name = "relu" }': "activation: must be the name of a nonlinearity, "
    "got {'name': 'relu'}.",
    'initializer = "he_norml"': "initializer: unknown name 'he_norml'. Did you mean `he_normal`? "
    f"Known: {LAWS}, pretrained.",
    'initializer = "xavier_uniform"': "initializer: unknown name 'xavier_uniform'. "
    f"Did you mean `glorot_uniform`? Known: {LAWS}, pretrained.",
    'initializer = "normal"': "initializer.stddev: is missing.",
    'initializer = { name = "normal", stddev = nan }': "initializer.stddev: must be a finite "
    "number, got nan.",
    'initializer = { name = "normal", stddev = inf }': "initializer.stddev: must be a finite "
    "number, got inf.",
    'initializer = { name = "normal", stddev = -1.0 }': "initializer.stddev: must be at least 0.0, "
    "got -1.0.",
    'initializer = { name = "he_normal", gain = 1.0 }': "initializer.gain: unknown field. "
    "None is accepted here.",
    'initializer = { name = "uniform", low = 1.0, high = 0.0 }': "initializer: `low` must be "
    "below `high`, got 1.0 and 0.0.",
    "initializer = { stddev = 1.0 }": f"initializer: {A_LAW}, got {{'stddev': 1.0}}.",
    "initializer = 3": f"initializer: {A_LAW}, got 3.",
    'initializer = ["zeros"]': f"initializer: {A_LAW}, got ['zeros'].",
    'initializer = { name = "mine", parts_sha256 = "0" }': "initializer: unknown name 'mine'. "
    f"Known: {LAWS}, pretrained.",
    'readout_initializer = "sme"': "readout_initializer: unknown name 'sme'. Did you mean `same`? "
    f"Known: same, {LAWS}.",
    'readout_initializer = { name = "pretrained", checkpoint = "a" }': (
        "readout_initializer: must be a law that draws; `pretrained` is one of `initializer` "
        "alone, got {'name': 'pretrained', 'checkpoint': 'a'}."
    ),
    'initializer = "pretrained"': "initializer.checkpoint: is missing.",
    'initializer = { name = "pretrained", checkpoint = "a", control = "shufled" }': (
        "initializer.control: unknown name 'shufled'. Did you mean `shuffled`? "
        "Known: none, moment_matched, shuffled, orthogonal."
    ),
    'initializer = { name = "pretrained", checkpoint = "a", layers = [] }': (
        "initializer.layers: must not be empty."
    ),
    'initializer = { name = "pretrained", checkpoint = "a", layers = true }': (
        'initializer.layers: must be "all", a number of layers or a list of them, got true.'
    ),
    "frozen_layers = -1": "frozen_layers: must be at least 0, got -1.",
    'head_initializer = "sme"': "head_initializer: unknown name 'sme'. Did you mean `same`? "
    f"Known: same, {LAWS}.",
}


@pytest.mark.parametrize("line", IN_BASE)
def test_a_wrong_field_is_one_whole_sentence(problems, line):
    assert problems(f"[base]\n{line}") == [f"base.{IN_BASE[line]}"]


WHOLE = {
    "[basis]": [f"basis: unknown field. Did you mean `base`? Known: {TABLES}."],
    "Depth = 3": [f"Depth: unknown field. Known: {TABLES}."],
    "depth = 3": ["depth: belongs in a table: [base], [axes] or [[cases]]."],
    "base = 3": ["base: must be a table, got 3."],
    "cases = 3": ["cases: must be a list, got 3."],
    "[axes]": ["axes: must not be empty."],
    "[[zip]]": ["zip[0]: must not be empty."],
    "[[exclude]]": ["exclude[0]: must not be empty."],
    "[axes]\ndepth = []": ["axes.depth: must not be empty."],
    "[axes]\ndepth = 3": ["axes.depth: must be a list, got 3."],
    "[axes]\ndepth = [3]\n[[exclude]]\ndepth = 3": ["exclude: leaves no run at all."],
    "[base]\ndepth = 3\n[axes]\ndepth = [4]": [
        "axes.depth: is also in `base`; keep one of the two."
    ],
    "[axes]\ndepth = [4]\n[[zip]]\ndepth = [5]\n[[zip]]\ndepth = [6]": [
        "zip[0].depth: is also in `axes`; keep one of the two.",
        "zip[1].depth: is also in `axes`; keep one of the two.",
    ],
    "[[zip]]\ndepth = [4, 5]\nwidth = [3]": [
        "zip[0]: lists must be equally long: `depth` has 2, `width` has 1."
    ],
    "seeds = 0": ["seeds: must be at least 1, got 0."],
    "seeds = []": ["seeds: must not be empty."],
    "seeds = true": ["seeds: must be a number of seeds or a list of them, got true."],
    "seeds = 2.5": ["seeds: must be a number of seeds or a list of them, got 2.5."],
    'seeds = [-1, "a"]': [
        "seeds[0]: must be at least 0, got -1.",
        "seeds[1]: must be a whole number, got 'a'.",
    ],
    "seeds = [7, 3, 7]": ["seeds[2]: 7 is also seeds[0]; keep one of the two."],
    "[axes]\ndepth = [3, 4, 3]": ["axes: declares the same trial twice: depth = 3."],
    "[axes]\nlearning_rate = [1, 1.0]": [
        "axes: declares the same trial twice: learning_rate = 1.0."
    ],
    "[[grids]]\ndepth = [3]\n[[grids]]\ndepth = [3]": [
        "grids[1]: declares the same trial twice, first in `grids[0]`: depth = 3."
    ],
    "[[grids]]\ndepth = [3, -1]\nwidht = [4]": [
        "grids[0].depth[1]: must be at least 1, got -1.",
        f"grids[0].widht: unknown field. Did you mean `width`? Known: {FIELDS}.",
    ],
    "[axes]\ndepth = [3]\n[[cases]]\ndepth = 3": [
        "cases[0]: declares the same trial twice, first in `axes`: depth = 3."
    ],
    '[axes]\noptimizer = ["adam"]\nmomentum = [0.1, 0.2]': [
        "axes: declares the same trial twice: optimizer = 'adam', momentum = 0.2. "
        "The optimizer `adam` does not read momentum."
    ],
    '[measure]\nsteps = "lgo"': [
        "measure.steps: unknown name 'lgo'. Did you mean `log`? Known: log, every."
    ],
    "[measure]\nsteps = { every = 0 }": ["measure.steps.every: must be at least 1, got 0."],
    "[measure]\nsteps = { evry = 3 }": [
        "measure.steps.every: is missing.",
        "measure.steps.evry: unknown field. Did you mean `every`? Known: every.",
    ],
    "[measure]\nsteps = 3": [f"measure.steps: {A_SCHEDULE}, got 3."],
    "[measure]\nsteps = [0, -1]": ["measure.steps[1]: must be at least 0, got -1."],
    '[measure]\nkeep = "histograms"': ["measure.keep: must be a list, got 'histograms'."],
    '[measure]\nstep = "log"': [
        "measure.step: unknown field. Did you mean `steps`? "
        "Known: steps, spectral_steps, statistics, keep."
    ],
    "[measure]\nsteps = [1000, 3]": [
        "base: `measure.steps` names step 1000, but the run ends at `steps` = 100."
    ],
    "[base]\nbatch_size = 2000\nwarmup_steps = 101": [
        "base: `batch_size` = 2000 is more than the 1437 training images of 'digits'; "
        "`warmup_steps` = 101 is more than `steps` = 100."
    ],
    "[base]\nvalidation_fraction = 0.5\n[axes]\nbatch_size = [64, 1400]": [
        "axes: `batch_size` = 1400 is more than the 719 training images of 'digits'."
    ],
    '[base]\nwidth = 7\ninitializer = { name = "tied_halves", weight_variance = 1.0 }': [
        "base: `tied_halves` needs an even `width`, got 7."
    ],
    '[base]\ninitializer = { name = "normal", stdev = 1.0 }': [
        "base.initializer.stddev: is missing.",
        "base.initializer.stdev: unknown field. Did you mean `stddev`? Known: stddev, mean.",
    ],
}


@pytest.mark.parametrize("text", WHOLE)
def test_a_wrong_table_is_told_with_its_path(problems, text):
    assert problems(text) == WHOLE[text]


def test_every_fault_is_told_at_once(problems):
    text = """seeds = -1
    [base]
    dataset = "digit"
    [axes]
    loss = []
    depth = [1, 2, 0]
    width = [3, -1]
    [[zip]]
    steps = [3]
    depth = [4]
    [measure]
    keep = ["kernels"]
    [other]
    """
    assert problems(text) == [
        "seeds: must be at least 1, got -1.",
        "axes.loss: must not be empty.",
        "measure.keep[0]: unknown name 'kernels'. Did you mean `first_kernel`? "
        "Known: histograms, first_kernel, checkpoint.",
        f"other: unknown field. Known: {TABLES}.",
        f"base.dataset: unknown name 'digit'. Did you mean `digits`? Known: {SETS}.",
        "axes.depth[2]: must be at least 1, got 0.",
        "axes.width[1]: must be at least 1, got -1.",
        "zip[0].depth: is also in `axes`; keep one of the two.",
    ]


def test_faults_of_whole_trials_are_told_with_those_of_fields(problems):
    text = """[base]
    dataset = "digits"
    activation = "rleu"
    batch_size = 2000
    [axes]
    depth = [3, 0]
    warmup_steps = [200]
    [[cases]]
    warmup_steps = 400
    [[cases]]
    warmup_steps = 300
    depth = -1
    """
    large = "`batch_size` = 2000 is more than the 1437 training images of 'digits'"
    assert problems(text) == [
        f"base.activation: unknown name 'rleu'. Did you mean `relu`? Known: {ACTIVATIONS}.",
        "axes.depth[1]: must be at least 1, got 0.",
        "cases[1].depth: must be at least 1, got -1.",
        f"axes: {large}; `warmup_steps` = 200 is more than `steps` = 100.",
        f"cases[0]: {large}; `warmup_steps` = 400 is more than `steps` = 100.",
    ]


def test_trials_declared_twice_are_told_with_other_faults(problems):
    assert problems("seeds = 0\n[axes]\ndepth = [3, 0, 3]") == [
        "seeds: must be at least 1, got 0.",
        "axes.depth[1]: must be at least 1, got 0.",
    ]
    assert problems("[axes]\ndepth = [3, 0, 3]") == [
        "axes.depth[1]: must be at least 1, got 0.",
        "axes: declares the same trial twice: depth = 3.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[base]\nsteps = -1\nwarmup_steps = 500",
        "[base]\nwarmup_steps = 500\n[axes]\nsteps = []",
        '[base]\ndataset = "fashoin"\nbatch_size = 2000',
        '[base]\ninitializer = { name = "tied_halves", weight_variance = 1.0 }\nwidth = 0',
        '[base]\nsteps = 10\n[measure]\nsteps = [20, "a"]',
        '[base]\noptimizer = "adm"\n[axes]\nadam_beta1 = [0.8, 0.9]',
        "[base]\nbatch_size = 2000\n[[exclude]]\nbatch_sise = 2000",
        "[base]\nbatch_size = 2000\n[[grids]]\nbatch_size = [64]\ndepth = [0]",
        "[base]\nbatch_size = 2000\n[[cases]]\nbatch_size = 64\ndepth = 0",
        "[base]\nlearning_rate = -1.0\n[axes]\ndepth = [3]\n[[cases]]\n"
        "depth = 3\nlearning_rate = 0.01",
    ],
)
def test_nothing_is_said_of_what_hangs_on_a_fault(problems, text):
    assert len(problems(text)) == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "is missing."),
        ("question = 3", "must be text, got 3."),
        ('question = ""', "must not be empty."),
        (f'question = "{"x" * 501}"', f"must be at most 500 characters long, got '{'x' * 79}...."),
    ],
)
def test_question_is_short_text_that_says_something(experiment, line, fault):
    experiment(question=line)
    with pytest.raises(SpecError) as caught:
        load_sweep("demo")
    assert str(caught.value) == f"demo/sweep.toml: question: {fault}"


@pytest.mark.parametrize("values", [1_000, 20_000])
def test_a_huge_grid_is_refused_at_once(problems, values):
    lists = "\n".join(
        f"{name} = {list(range(1, values + 1))}" for name in ("steps", "width", "warmup_steps")
    )
    started = time.process_time()
    (problem,) = problems(f"seeds = 1\n[axes]\n{lists}")
    assert time.process_time() - started < 1
    assert problem == f"declares {values**3:,} runs; at most 100,000 are accepted."


def test_a_grid_of_many_faulty_trials_tells_of_some(problems):
    told = problems(f"[axes]\nbatch_size = {list(range(1438, 1600))}")
    assert len(told) == 21
    assert told[-1] == "axes: the trials after these were not looked at."
