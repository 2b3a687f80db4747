"""An author's own laws: tried before anything is written, and told by file and line."""

import sys

import pytest

from initlab.errors import SpecError
from initlab.laws import make_laws, try_parts, used_parts
from initlab.spec.load import load_sweep

TOML = """question = "Is a mistake told?"
seeds = 1
[base]
depth = 3
width = 8
batch_size = 16
"""
HEAD = "import jax, jax.numpy as jnp, numpy as np\n"
A_KERNEL = "must return an array of shape (64, 8) and type float32, got"


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    """Returns a function from fields and the author's file to a sweep, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def make(fields, parts, base=TOML):
        (tmp_path / "demo").mkdir(exist_ok=True)
        (tmp_path / "demo" / "sweep.toml").write_text(base + fields)
        (tmp_path / "demo" / "parts.py").write_text(parts)
        return load_sweep("demo")

    yield make
    sys.modules.pop("parts", None)


def faults(sweep):
    with pytest.raises(SpecError) as caught:
        try_parts(sweep)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return 3", "SyntaxError: 'return' outside function"),
    ],
)
def test_a_file_that_cannot_be_run_is_told_with_its_line(sweep, line, fault):
    parts = f'INITIALIZERS = {{"mine": print}}\n{line}\n'
    told = faults(sweep('initializer = "mine"', parts))
    assert told == [f"demo/parts.py, line 2: raised {fault}"]


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("3", "`mine` raised TypeError: 'int' object is not callable"),
        ("lambda: (lambda key, shape, dtype: None)", f"`mine` {A_KERNEL} NoneType"),
        (
            "lambda: (lambda key, shape, dtype: jnp.zeros(3))",
            f"`mine` {A_KERNEL} shape (3,) and type float32",
        ),
        (
            "lambda: (lambda key, shape, dtype: jnp.zeros(shape, int))",
            f"`mine` {A_KERNEL} shape (64, 8) and type int32",
        ),
        (
            "lambda: (lambda key, shape, dtype: jnp.full(shape, jnp.nan, dtype))",
            "`mine` returned numbers that are not finite, for shape (64, 8).",
        ),
        (
            "lambda: (lambda key, shape, dtype: np.array(jax.random.normal(key, shape)))",
            "`mine` raised TracerArrayConversionError: The numpy.ndarray conversion method "
            "__array__() was called on traced array with shape float32[64,8]",
        ),
    ],
)
def test_an_initializer_is_tried_as_the_sweep_uses_it(sweep, law, fault):
    told = faults(sweep('initializer = "mine"', f'{HEAD}INITIALIZERS = {{\n"mine": {law}}}\n'))
    assert told[0].startswith(f"demo/parts.py, line 3: {fault}")
    shapes = "(64, 8)", "(8, 8)", "(8, 10)"
    assert len(told) in (1, len(shapes))


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        (
            "lambda x: x[:3]",
            "`mine` must return an array of shape (16, 8) and type float32, got shape (3, 8) and "
            "type float32, for preactivations of shape (16, 8).",
        ),
        (
            "lambda x: x > 0",
            "`mine` must return an array of shape (16, 8) and type float32, got shape (16, 8) and "
            "type bool, for preactivations of shape (16, 8).",
        ),
        ("jnp.log", "`mine` returned numbers that are not finite, between -1 and 1."),
        (
            "lambda x: x if x > 0 else 0",
            "`mine` raised ValueError: The truth value of an array with more than one element is "
            "ambiguous. Use a.any() or a.all()",
        ),
    ],
)
def test_a_nonlinearity_is_tried_as_the_sweep_uses_it(sweep, law, fault):
    told = faults(sweep('activation = "mine"', f'{HEAD}ACTIVATIONS = {{"mine": {law}}}\n'))
    assert told == [f"demo/parts.py, line 2: {fault}"]


def test_a_hidden_kernel_of_the_readout_s_shape_is_tried(sweep):
    square = "lambda: (lambda key, shape, dtype: jnp.full(shape, jnp.nan, dtype))"
    parts = f'{HEAD}INITIALIZERS = {{"square": {square}}}\n'
    fields = 'initializer = "square"\nreadout_initializer = "zeros"\nwidth = 10\ndepth = 4'
    base = TOML.replace("depth = 3\nwidth = 8\n", "")
    told = faults(sweep(fields, parts, base))
    assert [fault.rpartition("shape ")[2] for fault in told] == ["(64, 10).", "(10, 10)."]


def test_a_law_is_tried_only_where_it_is_used(sweep):
    square = "lambda: (lambda key, shape, dtype: jnp.eye(shape[0], dtype=dtype))"
    parts = f'{HEAD}INITIALIZERS = {{"square": {square}}}\n'
    told = faults(sweep('initializer = "square"\nreadout_initializer = "zeros"', parts))
    assert [fault.rpartition("of shape ")[2] for fault in told] == ["(64, 8)."]
    wide = parts.replace("shape[0]", "*shape")
    try_parts(sweep('initializer = "square"', wide))


def test_a_file_that_no_run_needs_is_not_run(sweep):
    unused = sweep("", 'open("was_run", "w").close()\nINITIALIZERS = {"mine": print}\n')
    assert used_parts(unused) is None
    try_parts(unused)
    assert not (unused.folder.parent / "was_run").exists()


def test_what_runs_is_what_was_hashed(sweep):
    good = f'{HEAD}ACTIVATIONS = {{"mine": jnp.tanh}}\n'
    read = sweep('activation = "mine"', good)
    try_parts(read)
    assert sorted(path.name for path in read.folder.iterdir()) == ["parts.py", "sweep.toml"]
    (read.folder / "parts.py").write_text(good.replace("tanh", "sinh"))
    with pytest.raises(SpecError) as caught:
        make_laws(read.parts)
    told = str(caught.value)
    assert told == "demo/parts.py: was changed since the sweep was read; run it again."
