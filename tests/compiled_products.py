"""Counts the operations of the matrix products in a compiled program."""

import math
import re

BLOCK = re.compile(r"^(?:ENTRY )?%([\w.-]+) \(.*?^}", re.MULTILINE | re.DOTALL)
DOT = re.compile(r"= \w+\[([\d,]*)\]\S* dot\(%([\w.-]+), .*lhs_contracting_dims={([\d,]*)}")
CALLED = re.compile(r"(?:calls|to_apply|body)=%([\w.-]+)")
BRANCHES = re.compile(r"branch_computations={([^}]*)}")
TRIPS = re.compile(r'"known_trip_count":{"n":"(\d+)"}')


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def compiled_product_flops(compiled):
    """Returns the operations of all products; a loop counts as often as it goes round, and of
    the branches of a condition the one that has most."""
    text = compiled.as_text()
    blocks = {match[1]: match[0] for match in BLOCK.finditer(text)}
    (entry,) = re.findall(r"^ENTRY %([\w.-]+)", text, re.MULTILINE)

    def count(name):
        total = 0
        for line in blocks[name].splitlines()[1:]:
            if dot := DOT.search(line):
                operand = re.search(rf"%{re.escape(dot[2])} = \w+\[([\d,]*)\]", blocks[name])
                contracted = [numbers(operand[1])[axis] for axis in numbers(dot[3])]
                total += 2 * math.prod(numbers(dot[1])) * math.prod(contracted)
            trips = TRIPS.search(line)
            total += sum(map(count, CALLED.findall(line))) * (int(trips[1]) if trips else 1)
            if branches := BRANCHES.search(line):
                total += max(count(branch.strip(" %")) for branch in branches[1].split(","))
        return total

    return count(entry)
