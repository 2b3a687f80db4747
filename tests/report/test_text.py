import sys
import unicodedata

import pandas as pd
import pytest

from initlab.report.text import (
    clean,
    clean_table,
    escape_latex,
    escape_markdown,
    guard_formula,
    latex_prose,
    one_line,
)

from .hostile import HOSTILE, SEEN, has_control

# The classes of direction of what turns text around, is no letter (ON), or has no width (BN).
MARKS = {"LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK", "ARABIC LETTER MARK"}
UNSEEN = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN", "ON"}


@pytest.mark.parametrize("text", HOSTILE)
def test_clean_text_holds_no_control_and_can_be_encoded(text):
    assert not has_control(clean(text))
    clean(text).encode()


def is_unseen(one):
    """Whether Unicode calls it a control, or a format that neither joins letters nor is a sign."""
    if unicodedata.category(one) != "Cf":
        return unicodedata.category(one) == "Cc"
    return unicodedata.bidirectional(one) in UNSEEN or unicodedata.name(one) in MARKS


def test_what_goes_is_what_unicode_calls_unseen():
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    # A character alone: the line ends and the escape have their own rules.
    ruled = [one for one in every if one not in "\r\x1b\x9b\x9d\u2028\u2029"]
    gone = {*ruled} - {*clean("".join(ruled))}
    wanted = {one for one in ruled if is_unseen(one) and one not in SEEN}
    assert {f"U+{ord(one):04X}" for one in wanted - gone} == set()
    unassigned = {one for one in gone - wanted if unicodedata.category(one) != "Cn"}
    assert {f"U+{ord(one):04X}" for one in unassigned} == set()


def test_letters_are_still_joined():
    for text in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937"):
        assert clean(text) == text


def test_terminal_sequences_go_whole_and_their_text_stays():
    assert clean("\x1b[1;31mred\x1b[0m \x1b]8;;https://a.b\x07link\x1b]8;;\x1b\\ end") == (
        "red link end"
    )


def test_lines_and_tabs_stay_in_a_specification_and_not_in_a_label():
    assert clean("a = 1\r\n\tb") == "a = 1\n\tb"
    assert one_line(" a = 1\r\n\tb ") == "a = 1 b"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\uff1d1+1", "\t=1+1", " \N{NO-BREAK SPACE}@A1"]
)
def test_formula_is_guarded_once(text):
    assert guard_formula(text) == f"'{text}"
    assert guard_formula(guard_formula(text)) == f"'{text}"


@pytest.mark.parametrize("text", ["-1.5", "+2e-3", "-inf", "he_normal", "1=1", ""])
def test_numbers_and_words_are_no_formulas(text):
    assert guard_formula(text) == text


def test_markdown_prints_marks_and_leaves_names_readable():
    assert escape_markdown("he_normal | _x_ <b> [a](b) `c`") == (
        r"he_normal \| \_x\_ \<b\> \[a\](b) \`c\`"
    )


def test_latex_prints_marks():
    assert escape_latex("50% of $x_1$ & \\input{a} \N{GREEK SMALL LETTER SIGMA} ≤ 2") == (
        r"50\% of \$x\_1\$ \& \textbackslash{}input\textbraceleft{}a\textbraceright{} "
        r"\ensuremath{\sigma} \ensuremath{\leq} 2"
    )


def test_latex_prints_dashes_quotes_and_code_as_they_are():
    assert escape_latex('run --set "x"') == r"run -{}-set \texttt{\char34}x\texttt{\char34}"
    assert latex_prose("50% of `he_normal` and ` b") == "50\\% of `he\\_normal` and ` b"
    assert latex_prose("of `he_normal` <") == r"of \texttt{he\_normal} \textless{}"


def test_letter_that_pdflatex_lacks_is_a_question_mark_there_and_itself_elsewhere():
    assert escape_latex("é ą \u4e2d") == "é ą \\ifdefined\\Umathcode \u4e2d\\else ?\\fi{}"


def test_latex_raises_powers_of_ten():
    assert escape_latex("10⁻²") == r"10\ensuremath{^-}\ensuremath{^2}"


def test_table_is_cleaned_in_cells_columns_and_index_and_keeps_its_numbers():
    index = pd.Index(["r\0", "s"], name="i\x1b[0m")
    dirty = pd.DataFrame({"a\0": ["x\0", None], "n": [1.5, 2.5]}, index=index)
    table = clean_table(dirty)
    assert list(table.columns) == ["a", "n"]
    assert list(table.index) == ["r", "s"]
    assert table.index.name == "i"
    assert table["a"].iloc[0] == "x"
    assert table["a"].isna().tolist() == [False, True]
    assert table["n"].tolist() == [1.5, 2.5]
    assert list(dirty.columns) == ["a\0", "n"]


def test_order_of_categories_survives_cleaning():
    kind = pd.CategoricalDtype(["b\0", "a"], ordered=True)
    table = clean_table(pd.DataFrame({"x": pd.Series(["a", "b\0"], dtype=kind)}))
    assert table["x"].cat.categories.tolist() == ["b", "a"]
