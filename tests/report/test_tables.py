import csv
import io
import re

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.findings import Listing
from initlab.report.check import ReportError
from initlab.report.columns import print_columns
from initlab.report.latex_tables import to_latex
from initlab.report.tables import table_texts, to_csv, to_html, to_markdown

from .hostile import HOSTILE as EVERY
from .hostile import Page, has_control

HOSTILE = [text for text in EVERY if "\ud800" not in text]  # a frame of text cannot hold it


def listing_of(caption="c", **columns):
    return Listing("t", caption, pd.DataFrame(columns))


@pytest.fixture
def hostile():
    table = pd.DataFrame(
        {
            "label": HOSTILE,
            **{f"{mark} {i}": [1.5] * len(HOSTILE) for i, mark in enumerate(HOSTILE)},
        }
    )
    return Listing("hostile", HOSTILE[0] + HOSTILE[5] + "100% & _", table)


def test_csv_has_every_row_and_no_cell_that_a_spreadsheet_computes(hostile):
    rows = list(csv.reader(io.StringIO(to_csv(hostile))))
    assert len(rows) == len(HOSTILE) + 1
    assert {len(row) for row in rows} == {len(HOSTILE) + 1}
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\uff1d")), cell


def test_csv_keeps_every_digit():
    value = 0.1 + 0.2
    (_, row) = csv.reader(io.StringIO(to_csv(listing_of(x=[value]))))
    assert float(row[0]) == value


def test_markdown_table_stays_a_table(hostile):
    head, rule, *rows = to_markdown(hostile).splitlines()[2:]
    assert len(rows) == len(HOSTILE)
    for line in (head, rule, *rows):
        assert len(re.findall(r"(?<!\\)\|", line)) == len(HOSTILE) + 2, line
        assert not re.search(r"(?<!\\)[<`\[]", line), line
        assert not re.search(r"\| [=+@]", line), line
    assert not has_control(to_markdown(hostile).replace("\n", ""))


def test_latex_runs_no_command_of_a_label(hostile):
    text = re.sub(r"^%.*\n", "", to_latex(hostile, "demo"), flags=re.MULTILINE)  # own comments
    assert r"\input" not in text
    assert r"\frac" not in text
    assert not re.search(r"(?<!\\)[#%$_~]", text.replace("tab:demo:hostile", ""))
    opened, closed = (len(re.findall(rf"(?<!\\){mark}", text)) for mark in (r"\{", r"\}"))
    assert opened == closed
    for part in text.split(r"\begin{longtable}{")[1:]:
        format_, _, body = part.partition("\n")
        body = body.split(r"\endfoot")[1].split(r"\end{longtable}")[0]
        separators = {len(re.findall(r"(?<!\\)&", line)) for line in body.strip().splitlines()}
        assert separators == {len(re.sub(r">\{.*?\}p\{\w+\}", "p", format_[:-1])) - 1}


def test_latex_has_booktabs_rules_caption_and_label():
    one = listing_of("50% of `he_normal`", initializer=["he_normal"], x=[-1.5e-7])
    assert to_latex(one, "my demo") == (
        "% Needs the packages array and booktabs. The text is 6.5 inches wide.\n"
        "\\begin{table}\n\\centering\n"
        "\\caption{50\\% of \\texttt{he\\_normal}}\n\\label{tab:my-demo:t}\n"
        "\\begin{tabular}{lr}\n\\toprule\ninitializer & x \\\\\n\\midrule\n"
        "he\\_normal & $-1.5 \\times 10^{-7}$ \\\\\n\\bottomrule\n\\end{tabular}\n\\end{table}\n"
    )


def test_a_wide_latex_table_has_smaller_type_and_its_names_word_below_word():
    wide = {f"forward expected {number}": [0.001234] for number in range(9)}
    text = to_latex(listing_of("c", **wide), "demo")
    setting = "\\fontsize{9}{10.8}\\selectfont\\setlength{\\tabcolsep}{5pt}"
    assert "\\begin{table*}\n\\centering\n" in text
    assert f"{setting}\n\\begin{{tabular}}{{rrrrrrrrr}}" in text
    assert "\\begin{tabular}[b]{@{}r@{}}forward\\\\ expected\\\\ 0\\end{tabular}" in text
    long = to_latex(listing_of("c", **{name: values * 46 for name, values in wide.items()}), "demo")
    assert f"{{{setting}" in long
    assert long.endswith("\\end{longtable}\n}\\afterlongtable\n")


def test_texts_of_a_wide_latex_table_are_wrapped():
    words = ["vanishes: 0.50 a layer, predicted 0.50; nothing is left"]
    two = {"forward": words, "backward": words, "initializer": ["he_normal"]}
    wrapped = r">\{\\raggedright\\arraybackslash\}p\{1\d\dpt\}"
    assert re.search(rf"\{{{wrapped}{wrapped}l\}}", to_latex(listing_of("c", **two), "demo", 5.0))
    assert "{ll}" in to_latex(listing_of("c", forward=words, initializer=["he_normal"]), "demo")


def test_latex_table_that_fills_a_page_may_break():
    assert r"\begin{longtable}" in to_latex(listing_of(x=range(46)), "demo")
    assert r"\begin{longtable}" not in to_latex(listing_of(x=range(45)), "demo")


def test_a_long_latex_table_has_its_caption_once():
    text = to_latex(listing_of("All of it.", x=range(46)), "demo")
    assert text.count("All of it.") == 1
    assert text.count(r"\tablename\ \thetable, continued") == 1


def test_a_latex_table_that_no_type_makes_fit_is_divided():
    numbers = {f"column {number}": [0.001234] * 46 for number in range(14)}
    text = to_latex(listing_of("c", name=[f"name {i}" for i in range(46)], **numbers), "demo", 5.5)
    first, second = re.findall(r"\\begin\{longtable\}\{(\w+)\}", text)
    assert (first[0], second[0]) == ("l", "l")
    assert len(first) + len(second) == 16
    assert abs(len(first) - len(second)) <= 2
    assert text.count(r"\caption") == 1
    assert text.count(r"\addtocounter{table}{-1}") == 1
    assert r"\fontsize{7}" in text


def test_html_shows_hostile_labels_as_text(hostile):
    page = Page(str(to_html(hostile, 1)))
    assert {tag for tag, _ in page.elements} == {
        "p", "b", "div", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not has_control(page.text)


def test_html_heads_have_a_scope_and_numbers_stand_right():
    page = Page(str(to_html(listing_of(name=["a"], x=[-2.0], y=[np.nan]), 3)))
    assert [head["scope"] for head in page.all("th")] == ["col", "col", "col", "row"]
    assert [cell.get("class") for cell in page.all("td")] == ["number", "number"]
    assert page.text == "Table 3. c name x y a \u22122 \u2013"


def test_html_says_that_rows_are_left_out():
    page = Page(str(to_html(listing_of(x=range(501)), 1)))
    assert len(page.all("td")) == 500
    assert "Here are the first 500 of 501 rows; tables/t.csv has all." in page.text


def test_table_without_rows_says_so():
    empty = listing_of(x=[])
    assert "The table has no rows." in Page(str(to_html(empty, 1))).text
    assert to_csv(empty) == "x\n"
    assert r"\toprule" in to_latex(empty, "demo")


def test_columns_print_after_their_kind():
    columns = print_columns(
        listing_of(
            flag=[True, False],
            count=pd.array([1, None], dtype="Int64"),
            single=np.array([0.1, 0.25], np.float32),
            text=["a", None],
        )
    )
    assert [column.cells for column in columns] == [
        ("yes", "no"), ("1", ""), ("0.10", "0.25"), ("a", ""),
    ]  # fmt: skip
    assert [column.numeric for column in columns] == [False, True, True, False]


def test_named_index_and_nested_columns_become_plain_columns():
    table = pd.DataFrame({("loss", "mean"): [1.0], ("loss", "low"): [0.5]})
    table.index = pd.Index(["relu"], name="activation")
    columns = print_columns(Listing("t", "c", table))
    assert [column.name for column in columns] == ["activation", "loss mean", "loss low"]


def test_index_left_over_from_a_selection_is_no_column():
    table = pd.DataFrame({"x": [1, 2, 3]})
    (column,) = print_columns(Listing("t", "c", table[table["x"] > 1]))
    assert column.cells == ("2", "3")


def test_column_that_comes_twice_is_refused():
    table = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(ReportError) as caught:
        to_csv(Listing("t", "c", table))
    assert str(caught.value) == "table 't' has the column 'x' twice."


def test_files_have_the_name_of_the_listing():
    texts = table_texts(listing_of(x=[1]), "demo", 6.5)
    assert list(texts) == ["t.csv", "t.md", "t.tex"]
    assert texts["t.csv"] == "x\n1\n"
