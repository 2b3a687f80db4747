"""`--set`: what it changes, and what it says of a mistake."""

import pytest

from initlab.spec.overrides import split_overrides

from .test_messages import FIELDS

SWEEP = "seeds = 1\n[base]\nwidth = 7\n[axes]\ndepth = [3, 5]\n"


@pytest.mark.parametrize(
    ("override", "values"),
    [
        ("width=9", [(3, 9), (5, 9)]),
        ("base.width=9", [(3, 9), (5, 9)]),
        (" width = 9 ", [(3, 9), (5, 9)]),
        ("width=[9, 8]", [(3, 9), (3, 8), (5, 9), (5, 8)]),
        ("depth=4", [(4, 7)]),
        ("depth=[4]", [(4, 7)]),
        ("axes.depth=[4]", [(4, 7)]),
        ("seeds=2", [(3, 7), (3, 7), (5, 7), (5, 7)]),
        ("cases=[{ depth = 2 }]", [(3, 7), (5, 7), (2, 7)]),
    ],
)
def test_an_override_replaces_a_field_where_it_is_declared(load, override, values):
    runs = load(SWEEP, overrides=[override]).runs
    assert [(run.depth, run.width) for run in runs] == values


def test_a_bare_word_is_text_and_a_table_is_toml(load):
    overrides = ["activation=tanh", 'initializer={name="normal", stddev=1}', "measure.steps=every"]
    run = load(SWEEP, overrides=overrides).runs[0]
    assert (run.activation.name, run.initializer.label) == ("tanh", "normal(stddev=1)")
    assert run.measure.steps == "every"


def test_a_single_override_works_without_any_table(load):
    assert [run.depth for run in load("seeds = 1", overrides=["depth=4"]).runs] == [4]


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("steps=5 width=8", ["steps=5", "width=8"]),
        ("steps = 5   width = 8 ", ["steps = 5", "width = 8"]),
        ("steps=5\nwidth=8", ["steps=5", "width=8"]),
        ("depth=[5, 10] width=8", ["depth=[5, 10]", "width=8"]),
        (
            'initializer={name="normal", stddev=0.1} base.width=8',
            ['initializer={name="normal", stddev=0.1}', "base.width=8"],
        ),
        ('question="is a=b ]?" steps=5', ['question="is a=b ]?"', "steps=5"]),
        ("question=how far", ["question=how far"]),
        ("depth", ["depth"]),
        ("depth==3", ["depth==3"]),
        ("what steps=5", ["what steps=5"]),
        ("depth=]3 width=4", ["depth=]3 width=4"]),
        ("", [""]),
        (r'question="a \" steps=5" width=9', [r'question="a \" steps=5"', "width=9"]),
        (r'question="ends in \\" width=9', [r'question="ends in \\"', "width=9"]),
        (r"question='ends in \' width=9", [r"question='ends in \'", "width=9"]),
    ],
)
def test_one_text_can_hold_several_overrides(text, single):
    assert split_overrides(text) == single


def test_several_overrides_of_one_text_are_applied(load):
    sweep = load(SWEEP, overrides=["width=9 seeds=2"])
    assert [(run.depth, run.width) for run in sweep.runs] == [(3, 9), (3, 9), (5, 9), (5, 9)]


def test_a_case_keeps_its_own_field(load):
    runs = load(f"{SWEEP}[[cases]]\ndepth = 9\n", overrides=["depth=4"]).runs
    assert [run.depth for run in runs] == [4, 9]


FORM = "must have the form key=value, as in --set steps=10."
MISTAKES = {
    "steps": f"--set steps: {FORM}",
    "=3": f"--set =3: {FORM}",
    ".=3": f"--set .=3: {FORM}",
    "base.=3": f"--set base.=3: {FORM}",
    "stpes=3": "--set stpes: unknown field. Did you mean `steps`? "
    f"Known: {FIELDS}, seeds, question.",
    "seed=3": f"--set seed: unknown field. Did you mean `seeds`? Known: {FIELDS}, seeds, question.",
    "base=3": "--set base: is a table; set one of its fields, as in --set steps=10.",
    "measure=3": "--set measure: is a table; set one of its fields, "
    "as in --set measure.steps=every.",
    "base.width.x=3": "--set base.width.x=3: `base.width` is not a table.",
    "steps=": "demo/sweep.toml with --set steps=: base.steps: must be a whole number, got ''.",
    "depth=[]": "demo/sweep.toml with --set depth=[]: axes.depth: must not be empty.",
    "axes.depth=3": "demo/sweep.toml with --set axes.depth=3: axes.depth: must be a list, got 3.",
}


@pytest.mark.parametrize("override", MISTAKES)
def test_a_wrong_override_is_one_whole_sentence(problems, override):
    assert problems(SWEEP, overrides=[override]) == [MISTAKES[override]]


def test_a_zipped_field_is_not_taken_apart(problems):
    text = "[[zip]]\ndepth = [3, 5]\nwidth = [8, 9]"
    assert problems(text, overrides=["depth=4"]) == [
        "--set depth: is varied together with others in zip[0]; "
        "edit that table of the file instead."
    ]


@pytest.mark.parametrize("table", ["base", "axes"])
def test_a_field_cannot_go_into_what_is_no_table(problems, table):
    assert problems(f"{table} = 3", overrides=["depth=4"]) == [
        f"--set depth: `{table}` of the file is not a table.",
        f"demo/sweep.toml with --set depth=4: {table}: must be a table, got 3.",
    ]


def test_wrong_overrides_are_told_with_the_faults_of_the_file(problems):
    assert problems("[base]\ndepth = 0", overrides=["base=3"]) == [
        "--set base: is a table; set one of its fields, as in --set steps=10.",
        "demo/sweep.toml with --set base=3: base.depth: must be at least 1, got 0.",
    ]


def test_every_wrong_override_is_told_at_once(problems):
    assert problems(SWEEP, overrides=["steps", "base=3", "width=9"]) == [
        f"--set steps: {FORM}",
        "--set base: is a table; set one of its fields, as in --set steps=10.",
    ]


def test_seeds_of_the_command_line_replace_the_declared(load, problems):
    assert [run.seed for run in load("seeds = [7]", seeds=3).runs] == [0, 1, 2]
    assert problems("seeds = [7]", seeds=0) == [
        "demo/sweep.toml with --seeds 0: seeds: must be at least 1, got 0."
    ]
