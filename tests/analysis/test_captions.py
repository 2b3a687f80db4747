import math

from initlab.analysis.captions import in_words, left_out
from initlab.analysis.over_seeds import average, long_form

from .literal_tables import layers_table, runs_table


def table_at(step):
    """The means of two runs, of which one has no number at its last layer from `step` on."""
    runs = runs_table({}, {"status": "diverged", "diverged_at_step": step}, depth=2)
    layers = layers_table({"run-0": [1.0, 1.0], "run-1": [1.0, math.nan]}, step=step)
    statistic = "preactivation_second_moment"
    return average(long_form(runs, layers, [statistic], steps=[step]), log=True)


def test_what_is_no_number_before_training_has_overflowed_and_later_diverged():
    assert left_out(table_at(0)) == (
        " In 1 point the forward pass of some seeds overflows before any training."
    )
    assert left_out(table_at(10)) == " In 1 point runs had diverged."


def test_a_chart_is_told_in_words_with_its_range():
    said = in_words(table_at(0), "Dots")
    assert said.startswith("Dots: preactivation second moment from 1 to 1. Panels: relu.")
