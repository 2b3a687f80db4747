import json
import math
from dataclasses import replace

import numpy as np

from initlab.report.claims import count_verdicts, encode_claims

KEYS = (
    "id statement source predicted measured interval n verdict figure query results_digest".split()
)


def strict(text):
    def refuse(constant):
        raise AssertionError(f"bare {constant}")

    return json.loads(text, parse_constant=refuse)


def test_each_claim_has_exactly_the_agreed_keys(claim):
    (row,) = strict(encode_claims([claim], "0" * 64))
    assert list(row) == KEYS
    assert row["measured"] == 0.9873
    assert row["interval"] == [0.9712, 1.0041]
    assert row["n"] == 5


def test_number_that_is_not_there_is_null(claim):
    nothing = replace(
        claim, measured=math.nan, interval=(math.nan, math.inf), verdict="inconclusive"
    )
    (row,) = strict(encode_claims([nothing], "0" * 64))
    assert row["measured"] is None
    assert row["interval"] is None


def test_numbers_of_numpy_are_written(claim):
    (row,) = strict(encode_claims([replace(claim, measured=np.float64(0.5))], ""))
    assert row["measured"] == 0.5


def test_verdicts_are_counted_in_words(claim):
    refuted = replace(claim, verdict="refuted")
    assert count_verdicts([claim, refuted, claim]) == "3 claims: 2 supported, 1 refuted"
    assert count_verdicts([refuted]) == "1 claim: 1 refuted"
    assert count_verdicts([]) == "no claims tested"
