"""An author's own laws, as the specification sees them: names and a digest, never run."""

import pytest

from .test_messages import ACTIVATIONS, LAWS

PARTS = """
open("was_run", "w").close()
INITIALIZERS = {"mine": lambda spread=1.0: None, "other": print}
ACTIVATIONS: dict = {"bent": abs}
"""
TOML = """seeds = 1
[base]
activation = "bent"
initializer = { name = "mine", spread = 2 }
bias_initializer = "other"
"""


def test_names_of_parts_are_laws_and_the_file_is_not_run(load, tmp_path):
    (run,) = load(TOML, PARTS).runs
    assert run.activation.name == "bent"
    assert run.initializer.arguments() == {"spread": 2}
    assert (run.initializer.label, run.bias_initializer.label) == ("mine(spread=2)", "other")
    assert run.row()["initializer"] == "mine(spread=2)"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.mark.parametrize(
    "field", ['activation = "bent"', 'initializer = "mine"', 'readout_initializer = "mine"']
)
def test_changing_the_file_changes_the_ids_of_runs_that_use_it(load, field):
    before = load(f"[base]\n{field}", PARTS).runs[0]
    after = load(f"[base]\n{field}", f"{PARTS}#").runs[0]
    assert before.run_id != after.run_id
    assert before.trial_id != after.trial_id


def test_changing_the_file_changes_no_other_id(load):
    assert load("", PARTS).runs == load("", f"{PARTS}#").runs


def test_arguments_change_the_id_by_value_alone(load):
    def run_id(arguments):
        law = f'{{ name = "mine", {arguments} }}'
        return load(f"[base]\ninitializer = {law}", PARTS).runs[0].run_id

    assert run_id("spread = 2, power = 3") == run_id("power = 3.0, spread = 2.0")
    assert len({run_id(f"spread = {value}") for value in ("2", "2.5", '"2"', "true", "1")}) == 5


def test_a_name_in_other_letters_is_recognised(problems):
    parts = 'ACTIVATIONS = {"BENT": abs}'
    (problem,) = problems('[base]\nactivation = "bent"', parts)
    assert "Did you mean `BENT`?" in problem


def test_unknown_names_are_told_with_the_authors_own(problems):
    text = '[base]\ninitializer = "mein"\nactivation = "bend"'
    assert problems(text, PARTS) == [
        f"base.initializer: unknown name 'mein'. Did you mean `mine`? Known: {LAWS}, pretrained, "
        "mine, other.",
        f"base.activation: unknown name 'bend'. Did you mean `bent`? Known: {ACTIVATIONS}, bent.",
    ]


@pytest.mark.parametrize("value", ["nan", "[1]", "{ a = 1 }"])
def test_arguments_are_plain_and_finite(problems, value):
    (problem,) = problems(f'[base]\ninitializer = {{ name = "mine", spread = {value} }}', PARTS)
    assert problem.startswith(
        "base.initializer: `spread` must be a finite number, text, true or false, got "
    )


HIDDEN = (
    "`INITIALIZERS` must be assigned once, outside of every block, as a literal dict with names "
    'as keys: INITIALIZERS = {"my_law": my_law}.'
)


@pytest.mark.parametrize(
    "source",
    [
        "INITIALIZERS = dict(mine=print)",
        'INITIALIZERS = {"mine": print} | {}',
        "INITIALIZERS = {**{}}",
        "INITIALIZERS = {3: print}",
        "INITIALIZERS: dict",
        'INITIALIZERS = {}\nINITIALIZERS["mine"] = print',
        "INITIALIZERS = {}\nINITIALIZERS.update(mine=print)",
        'INITIALIZERS = {"mine": print}\nINITIALIZERS = {}',
        'INITIALIZERS = {"mine": print}\ndel INITIALIZERS',
        'if True:\n    INITIALIZERS = {"mine": print}',
        'def f():\n    INITIALIZERS = {"mine": print}',
        'INITIALIZERS, b = {"mine": print}, 2',
        'INITIALIZERS = b = {"mine": print}',
        "from json import loads as INITIALIZERS",
        'for INITIALIZERS in [{"mine": print}]: pass',
    ],
)
def test_a_hidden_table_is_refused(problems, source):
    assert problems("", source) == [f"demo/parts.py: {HIDDEN}"]


WRONG = {
    "def (": ["does not parse as Python: invalid syntax (at line 1)."],
    "x = 1\n x = 2": ["does not parse as Python: unexpected indent (at line 2)."],
    "\0": ["does not parse as Python: source code string cannot contain null bytes."],
    f"x = {'-' * 100_000}1": ["does not parse as Python: too deeply nested."],
    'ACTIVATIONS = {"a": abs, "a": abs}': ["`ACTIVATIONS` names 'a' twice."],
    'ACTIVATIONS = {"\\x1b[2J": abs}\nINITIALIZERS = {"": print}': [
        "`INITIALIZERS` names '': a name has 1 to 64 letters, digits and underscores, "
        "a letter first.",
        "`ACTIVATIONS` names '\\x1b[2J': a name has 1 to 64 letters, digits and underscores, "
        "a letter first.",
    ],
    'INITIALIZERS = {"zeros": print}\nACTIVATIONS = {"relu": abs}': [
        "`INITIALIZERS` names 'zeros', which the lab has already; choose another name.",
        "`ACTIVATIONS` names 'relu', which the lab has already; choose another name.",
    ],
    "#" * 1_000_001: ["is larger than 1,000,000 bytes."],
}


@pytest.mark.parametrize("source", WRONG, ids=lambda source: source[:20])
def test_a_wrong_file_is_told_with_all_its_faults(problems, source):
    assert problems("", source) == [f"demo/parts.py: {fault}" for fault in WRONG[source]]


def test_a_warning_of_the_parser_is_the_authors_own(load):
    assert load("", r'pattern = "\d"').parts is not None


def test_a_folder_in_place_of_the_file_is_told(experiment, problems):
    (experiment() / "parts.py").mkdir()
    assert problems() == ["demo/parts.py: is not a regular file."]
