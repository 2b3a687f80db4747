"""An author's own laws through the whole of `initlab run`: right, mistaken, failing."""

import pytest

from initlab.store.failures import read_failures
from initlab.store.query import load_results

from .lab import TOML, Lab

pytestmark = pytest.mark.slow
PARTS = """
import jax.numpy as jnp

open("was_run", "a").close()


def stripes(height):
    def init(key, shape, dtype=jnp.float32):
        return jnp.broadcast_to(height * (jnp.arange(shape[-1]) % 2), shape).astype(dtype)

    return init


INITIALIZERS = {"stripes": stripes}
ACTIVATIONS = {"bent": lambda x: jnp.where(x > 0, x, 0.5 * x)}
"""


def test_the_authors_own_laws_run(tmp_path):
    lab = Lab(
        tmp_path,
        toml="""question = "Does mine work?"
    seeds = 1
    [base]
    depth = 2
    width = 8
    steps = 1
    activation = "bent"
    initializer = { name = "stripes", height = 0.5 }
    readout_initializer = "zeros"
    [measure]
    keep = ["first_kernel"]
    """,
    )
    (tmp_path / "demo" / "parts.py").write_text(PARTS)
    code, out, errors = lab.run()
    assert (code, out) == (0, "demo: 1 of 1 run done (results)\n"), errors
    assert (tmp_path / "was_run").exists()
    (row,) = load_results(lab.results).runs.to_dict("records")
    assert (row["activation"], row["initializer"]) == ("bent", "stripes(height=0.5)")
    layers = load_results(lab.results).layers.query("step == 0 and layer == 1")
    assert layers["kernel_max"].tolist() == [0.5]
    assert layers["kernel_min"].tolist() == [0.0]


def test_a_mistake_of_the_author_is_told_and_nothing_is_written(tmp_path):
    lab = Lab(tmp_path, toml=TOML.replace("[axes]", 'readout_initializer = "broken"\n[axes]'))
    (tmp_path / "demo" / "parts.py").write_text(
        'def broken():\n    raise KeyError("not today")\n\n\nINITIALIZERS = {"broken": broken}\n'
    )
    told = "initlab: demo/parts.py, line 2: `broken` raised KeyError: 'not today'\n"
    assert lab.run() == (2, "", told)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_group_that_fails_in_words_is_told(tmp_path):
    lab = Lab(
        tmp_path,
        toml="""question = "Is a fault told?"
    seeds = 1
    [base]
    depth = 2
    width = 8
    steps = 1
    initializer = "rare"
    """,
    )
    # The driver tries it and is content; the worker has an environment of its own.
    (tmp_path / "demo" / "parts.py").write_text(
        "import os\nimport jax.numpy as jnp\n\n\ndef rare():\n"
        '    if "OPENBLAS_NUM_THREADS" in os.environ:\n        raise KeyError("not today")\n'
        "    return lambda key, shape, dtype: jnp.zeros(shape, dtype)\n\n\n"
        'INITIALIZERS = {"rare": rare}\n'
    )
    code, out, errors = lab.run()
    assert code == 1
    assert out == (
        "demo: 0 of 1 run done (results)\n"
        "some groups failed; initlab status demo --results results tells why\n"
    )
    assert "failed: KeyError: 'not today'" in errors
    (attempts,) = read_failures(lab.results).values()
    assert [one.error for one in attempts] == ["KeyError: 'not today'"]
