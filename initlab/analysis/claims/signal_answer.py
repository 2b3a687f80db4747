"""The answer on how far a signal travels: who holds it, shrinks it, makes it grow; what trains."""

import math
from collections.abc import Sequence

from initlab.analysis.claims.holding import SignalClaim, by_activation
from initlab.analysis.claims.trained import Trained
from initlab.analysis.claims.trials import each_trial
from initlab.analysis.claims.words import answer, times
from initlab.analysis.findings import Claim

RULE = (
    "What becomes of the mean square of the signal (forward) and of its gradient (backward) before "
    "training, from the first to the last hidden layer of the deepest networks? It holds within a "
    "factor of ten, and shrinks or grows by more. It is undecided where the interval reaches "
    "across the bound. It vanishes where float32 has nothing left at the last layer, and explodes "
    "where it overflows. That is before training; the accuracy is after it, a diverged run "
    "counting as a guess. Brackets hold 95 % intervals over seeds."
)
UNJUDGED = "{unjudged}"  # how many trials are not, where there are any
AT_EACH = "At each depth, in the mean over trials"
ANSWER = (
    (
        "Does ReLU multiply a signal's mean square by half the weight variance at every layer, "
        "forward and backward? {judged[factor-]}.",
        "With He normal, whose half is 1, the factor of a layer is "
        "{spread[factor-forward-he-normal]} forward and {spread[factor-backward-he-normal]} "
        "backward.",
    ),
    (
        "In the deepest networks, is each factor per layer what theory predicts, within what "
        f"finite width lets the mean over seeds scatter? {{judged[as-theory-]}}{UNJUDGED}.",
        "Of single networks of all depths, by activation and direction, is at most one in a "
        "hundred farther off than three of theory's standard deviations? "
        "{judged[single-networks-]}.",
    ),
    (
        f"{AT_EACH}, do networks whose signal holds both ways end with a higher test accuracy? "
        "{judged[trains-if-it-holds]}, by {percent[trains-if-it-holds]} percentage points.",
    ),
    (
        "Do laws whose factor is 1 train relu networks of 20 layers and more to a test accuracy "
        "above 0.2? {judged[trains-depth]}: {each[trains-depth]}.",
        "Do laws whose factor is not 1 fail to? {judged[fails-]}; against it: {against[fails-]}.",
    ),
    (
        "At each depth, do lower layers move more, beside the upper ones, with relu than with "
        "tanh? {judged[lower-layers-tanh]}: {factors[lower-layers-tanh]} times as much.",
        "In the deepest tanh networks, does the first layer move less than a tenth as much as the "
        "last? {judged[slow-lower-layers-tanh]}: {factors[slow-lower-layers-tanh]} times as much.",
    ),
    (
        "Do they move more with relu than with sigmoid? {judged[lower-layers-sigmoid]}: "
        "{factors[lower-layers-sigmoid]} times as much.",
        "In the deepest sigmoid networks, does the first layer move less than a tenth as much as "
        "the last? {judged[slow-lower-layers-sigmoid]}: {factors[slow-lower-layers-sigmoid]} times "
        "as much.",
    ),
    (
        "Does every neuron have the same distribution? {judged[same-neurons]}; the means of a "
        "layer's units scatter by {spread[same-neurons]} of its root mean square.",
        "Are some neurons favoured more with other inputs, biases or weight means? "
        "{judged[favours-]}.",
    ),
)
WAYS = ("forward", "backward")
FOUND = ("holds", "shrinks", "vanishes", "grows", "explodes", "is undecided", "has no number")
MANY = 4  # initializers, above which the most common case is told as that of all others


def signal_answer(
    claims: Sequence[Claim], trained: Trained, *, unjudged: str = "", of_filters: bool = False
) -> tuple[str, ...]:
    """Returns a summary, the rule, a paragraph an activation, and what else there is.

    What no claim is about is left out.

    Args:
        claims: of the runs.
        trained: what training came to.
        unjudged: of `claims.theory.left_unjudged`.
        of_filters: whether neurons, the units of a layer, are filters.
    """
    of = by_activation(each_trial(claims))
    said = tuple(
        f"{_sentence(activation, found)} {trained.best.get(activation, '')}".rstrip()
        for activation, found in of.items()
    )
    asked = [[text.replace(UNJUDGED, unjudged) for text in part] for part in ANSWER]
    told = answer(claims, [list(map(_in_filters, part)) for part in asked] if of_filters else asked)
    if trained.apart:
        told = tuple(f"{text} {trained.apart}" if AT_EACH in text else text for text in told)
    summary = " ".join(filter(None, (_who_holds(of), trained.summary)))
    return ((summary,) if summary else ()) + ((RULE, *said) if said else ()) + told


def _who_holds(of: dict[str, list[SignalClaim]]) -> str:
    """Returns with which initializers the signal holds both ways, an activation each."""
    if not of:
        return ""
    parts, without = [], []
    for activation, claims in of.items():
        ways: dict[str, set[str]] = {}
        for claim in claims:
            ways.setdefault(claim.subject[0], set()).add(claim.found)
        held = [name for name, found in ways.items() if found == {"holds"}]
        many = len(held) > MANY
        told = f"{len(held)} of {len(ways)} initializers" if many else _and(held) if held else ""
        parts += [f"in {activation} with {told}"] if told else []
        without += [] if told else [activation]
    if without:
        parts.append(f"in {_and(without)} with no initializer for certain")
    return (
        "Before training, through the deepest networks, the signal holds within a factor of ten "
        f"forward and backward {'; '.join(parts)}."
    )


def _in_filters(text: str) -> str:
    """Returns a sentence on neurons as one on filters, the ids of claims in it as they are."""
    return (
        text.replace("neuron ", "filter ")
        .replace("neurons ", "filters ")
        .replace("units", "filters")
    )


def _sentence(activation: str, claims: Sequence[SignalClaim]) -> str:
    """Returns which initializers do what to the signal of an activation, and the best of them."""
    ways: dict[str, dict[str, SignalClaim]] = {}
    for claim in claims:
        ways.setdefault(claim.subject[0], {})[claim.direction] = claim
    cases: dict[tuple[str, ...], list[str]] = {}
    for name, way in ways.items():
        case = tuple(way[direction].found if direction in way else "" for direction in WAYS)
        cases.setdefault(case, []).append(name)
    told = dict(sorted(cases.items(), key=lambda item: _rank(item[0])))
    most = max(told, key=lambda case: len(told[case]))
    if len(told[most]) > MANY and len(told) > 1:
        del told[most]
        told[most] = ["all others"]
    parts = [f"{_both(case)} with {_and(names)}" for case, names in told.items()]
    text = f"{activation}, {claims[0].depth} layers: the signal {'; '.join(parts)}."
    return text + _nearest(ways)


def _rank(case: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(FOUND.index(found) if found in FOUND else len(FOUND) for found in case)


def _both(case: tuple[str, ...]) -> str:
    """Returns what becomes of the signal both ways: `holds forward and shrinks backward`."""
    if len(set(case)) == 1:
        return f"{case[0]} both ways"
    return " and ".join(f"{found} {way}" for found, way in zip(case, WAYS, strict=True) if found)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _nearest(ways: dict[str, dict[str, SignalClaim]]) -> str:
    """Returns the initializer whose signal stays nearest to what it was, both ways."""
    off = {
        name: max(abs(claim.measured) for claim in way.values())
        for name, way in ways.items()
        if all(
            math.isfinite(claim.measured) and claim.found not in ("vanishes", "explodes")
            for claim in way.values()
        )
    }
    if len(off) < 2:
        return ""
    best = min(off, key=lambda name: off[name])
    found = {claim.found for claim in ways[best].values()}
    said = [f"{times(claim)} {direction}" for direction, claim in ways[best].items()]
    nearest = (
        "Before training it stays nearest to what it was with"
        if found == {"holds"}
        else ("With none it holds both ways for certain; nearest comes")
    )
    return f" {nearest} {best}: {' and '.join(said)}."
