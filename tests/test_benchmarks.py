from pathlib import Path

import jax
import jax.numpy as jnp
import pytest

from benchmarks import results, table
from benchmarks.__main__ import NAMES, parser
from benchmarks.answer import Answer, from_ratio
from benchmarks.arms import MOMENTS, laws, run_of
from benchmarks.compilation import many_laws
from benchmarks.convolutions import VARIANTS, Form
from benchmarks.effort import Effort
from benchmarks.peak import product_flops
from benchmarks.sampling import group_of
from benchmarks.timing import Ratio, Timing, by_turns, ratio
from benchmarks.tracing import COMPILE, no_traces, recorded
from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import Concatenation, Convolution, Pool, Repeat, Residual
from initlab.data import load
from initlab.spec.architecture import layers_of
from initlab.spec.plan import flops, make_plan
from initlab.spec.schema import RunSpec
from initlab.train.program import network_of
from initlab.train.state import Flags, Images, RunState, run_numbers
from initlab.train.step import Trainer
from tests.compiled_products import compiled_product_flops

FOLDER = Path(table.__file__).parent
ANSWER = Answer("how fast?", 1.25, 1.1, median=1.3, low=1.2, high=1.41, note="a | b")


def step_program(run, *, watched):
    function = laws().activation(run.activation.name)
    images = load(run.dataset)
    network = network_of(run, function, images)
    trainer = Trainer(network, function, run, watched)
    numbers = jax.tree.map(jnp.asarray, run_numbers(run, 0.0, 1.0))

    def step(parameters, batch):
        state = RunState(
            parameters,
            [],
            trainer.optimizer(numbers).init(parameters),
            batch,
            jnp.int32(0),
            jnp.int32(-1),
        )
        train = jnp.asarray(images.train_images), jnp.asarray(images.train_labels)
        data = Images(*train, *train, *train)
        return trainer.step(state, numbers, data, Flags(batch, jnp.bool_(True), jnp.bool_(False)))

    batch = jnp.zeros(run.batch_size, jnp.int32)
    return jax.jit(step).lower(network.parameters, batch).compile()


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(("depth", "width"), [(1, 8), (2, 8), (10, 32)])
def test_the_operations_of_a_rate_are_those_of_the_program_that_is_timed(depth, width, watched):
    run = run_of(depth=depth, width=width, steps=3, measure=MOMENTS)
    counted = compiled_product_flops(step_program(run, watched=watched))
    assert (run.steps + 1) * counted == flops(run)


def test_the_operations_of_a_large_product_are_counted_alike():
    compiled = jax.jit(jnp.matmul).lower(jnp.ones((48, 48)), jnp.ones((48, 48))).compile()
    assert compiled_product_flops(compiled) == product_flops(48)


def test_the_sweep_of_many_laws_has_two_signatures():
    plan = make_plan(many_laws().runs)
    assert (plan.runs, plan.programs) == (2 * 2 * 9 * 3, 2)


@pytest.mark.parametrize("depth", [10, 50])
def test_the_groups_that_sampling_is_measured_at_are_of_the_default_sweep(depth):
    group = group_of(depth, Effort())
    assert {run.depth for run in group.runs} == {depth}
    assert len({run.initializer.label for run in group.runs}) >= 12
    assert {run.steps for run in group.runs} == {100}


def test_arms_take_turns_after_one_call_each():
    calls = []
    arms = {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}
    timings = by_turns(arms, 3)
    assert "".join(calls) == "ab" + "ab" + "ba" + "ab"
    assert [len(timing.seconds) for timing in timings.values()] == [3, 3]


def test_a_ratio_is_of_minima_and_its_range_is_within_rounds():
    found = ratio(Timing((2.0, 6.0, 4.0)), Timing((1.0, 2.0, 4.0)), 0.5)
    assert found == Ratio(value=1.0, median=1.0, low=0.5, high=1.5)


def test_rounds_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        ratio(Timing((1.0, 2.0)), Timing((1.0,)))


def test_a_second_trace_fails_the_benchmark():
    double = jax.jit(lambda x: 2 * x)
    double(jnp.ones(3))
    with no_traces():
        double(jnp.ones(3))
    with pytest.raises(RuntimeError, match="was traced again within timed rounds"), no_traces():
        double(jnp.ones(4))


def test_compilations_are_recorded_by_name():
    def doubled(x):
        return 2 * x

    argument = jnp.ones(3)
    with recorded(COMPILE) as names:
        jax.jit(doubled)(argument)
        jax.jit(doubled)(argument)
    assert names == ["jit(doubled)"]


@pytest.mark.parametrize(
    ("measured", "bound", "verdict"),
    [
        (1.0, "at most", "met"),
        (1.1, "at most", "met"),
        (1.2, "at most", "missed"),
        (1.0, "at least", "missed"),
        (1.2, "at least", "met"),
        (float("nan"), "at most", "missed"),
        (None, "at most", ""),
    ],
)
def test_a_verdict_is_the_side_of_the_target(measured, bound, verdict):
    assert Answer("how fast?", measured, 1.1, bound).verdict == verdict


def test_an_answer_without_target_has_no_verdict():
    assert from_ratio("how fast?", Ratio(1.0, 1.1, 1.0, 1.2)).verdict == ""


def test_answers_survive_the_file_and_other_benchmarks_keep_theirs(tmp_path):
    path = tmp_path / "results" / "latest.json"
    assert results.load(path) == {}
    first = results.entry([ANSWER], 1.0, {"jax": "0"})
    results.save({"overhead": first}, path)
    second = results.entry([Answer("how long?", None, note="not yet")], 2.0, {"jax": "0"})
    results.save({"cost": second}, path)
    assert results.load(path) == {"overhead": first, "cost": second}


def test_the_table_shows_every_cell_and_escapes_bars():
    entry = results.Entry(
        (ANSWER,), 1.0, "2026-01-02 03:04 UTC", {"processor": "P", "cores": 2}, {"jax": "0"}
    )
    lines = table.markdown({"overhead": entry}).splitlines()
    assert lines[2] == (r"| how fast? | 1.25 | 1.3 | 1.2 to 1.41 | at most 1.1 | missed | a \| b |")
    assert lines[-1] == "Measured on 2026-01-02, P, 2 cores; jax 0."
    assert "1.25" in table.text([ANSWER])


def test_the_readme_shows_what_was_measured_and_nothing_else():
    readme = table.README.read_text()
    assert table.rendered(readme, results.load()) == readme


def test_rendering_replaces_only_what_is_between_the_markers():
    readme = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    assert table.rendered(readme, {}) == readme.replace("old", table.EMPTY)


@pytest.mark.parametrize("readme", ["", table.BEGIN, f"{table.END}\n{table.BEGIN}"])
def test_a_readme_without_both_markers_is_refused(readme):
    with pytest.raises(ValueError) as caught:
        table.rendered(readme, {})
    assert str(caught.value) == (
        "The README needs '<!-- measured: begin -->' once, and '<!-- measured: end -->' once "
        "below it."
    )


def test_every_benchmark_is_a_module_that_the_readme_names():
    assert all((FOLDER / f"{name}.py").is_file() for name in NAMES)
    assert all(f"| `{name}` |" in table.README.read_text() for name in NAMES)
    assert parser().parse_args([]).names == []


def windows(layers):
    """The form of every convolution and pooling of an architecture, but for means of all places."""
    for layer in layers:
        match layer:
            case Repeat():
                yield from windows(layer.block)
            case Residual():
                yield from windows((*layer.branch, *layer.shortcut))
            case Concatenation():
                for branch in layer.branches:
                    yield from windows(branch)
            case Convolution() | Pool() if getattr(layer, "kind", "") != "global":
                pooled = isinstance(layer, Pool)
                (window, _), (stride, _) = (
                    layer.window,
                    layer.strides or (layer.window if pooled else (1, 1)),
                )
                padding = {"VALID": 0}.get(layer.padding, layer.padding)
                if padding == "SAME" and stride == 1:
                    padding = (window - 1) // 2
                kind = layer.kind if pooled else "convolution"
                more = () if pooled else ((layer.dilation or (1,))[0], layer.groups)
                yield Form(kind, window, stride, padding, *more)


# `local` has a group a place of its image: a product, and no window that another family has.
@pytest.mark.parametrize("model", [name for name in FAMILIES if name not in ("mlp", "local")])
@pytest.mark.parametrize("dataset", ["fashion", "photo_patches"])
def test_every_window_of_a_family_is_measured(model, dataset):
    for scale in ("small", "paper") if FAMILIES[model].paper else ("small",):
        run = RunSpec.model_validate({"model": model, "scale": scale, "dataset": dataset})
        found = set(windows(layers_of(run)))
        assert found
        assert found <= {variant.form for variant in VARIANTS}


def test_names_of_measured_windows_differ():
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)
