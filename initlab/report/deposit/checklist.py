"""`checklist.md`: the NeurIPS paper checklist, with what the record of a report answers of it."""

from collections.abc import Callable, Iterable, Sequence

from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.numbers import counted
from initlab.report.census import describe_runs
from initlab.report.checking import CHECKING
from initlab.report.claims import count_verdicts
from initlab.report.deposit.questions import QUESTIONS
from initlab.report.deposit.report import Report
from initlab.report.provenance import notices, stamp
from initlab.report.text import escape_markdown
from initlab.spec.datasets import LICENCES

_OPEN = "left to the authors"
_YES = "yes, as far as the record goes"
_PART = "in part"
_MINUTE = 60.0


# What the record answers, None where it cannot, and what it holds.
type Answered = tuple[str | None, Sequence[str]]


def encode_checklist(report: Report) -> str:
    """Returns `checklist.md`, every text from the record escaped."""
    lines = [
        "# NeurIPS paper checklist",
        "",
        f"Of {stamp(report.identity)}, experiment {escape_markdown(report.source.experiment)}. "
        "What the record answers is answered; what a person must answer is left open.",
    ]
    for number, (name, question) in enumerate(QUESTIONS.items(), 1):
        answer, recorded = _ANSWERS[name](report) if name in _ANSWERS else (None, ())
        lines += ["", f"## {number}. {name}", "", f"Question: {question}", ""]
        lines += [f"Answer: **{answer or _OPEN}**"]
        if recorded:
            lines += ["", *(f"- {escape_markdown(one)}" for one in recorded)]
    return "".join(f"{line}\n" for line in lines)


def _claims(report: Report) -> Answered:
    verdicts = _sentence(count_verdicts(report.findings.claims))
    return None, [f"{verdicts} claims.json has each."]


def _limitations(report: Report) -> Answered:
    return None, [_sentence(describe_runs(report.source.census)), *notices(report.source)]


def _theory(report: Report) -> Answered:
    return None, ["Where a prediction comes from stands with each claim, as its source."]


def _reproducibility(report: Report) -> Answered:
    return _YES, [
        f"Command: {report.source.command}",
        "experiment/ holds the specification, the analysis and the ids of the runs.",
        f"The results have the digest {report.source.results_digest}; on the same kind of "
        "machine with the same versions (environment.txt) they come out the same.",
        *(one.replace("`", "") for one in CHECKING),
    ]


def _access(report: Report) -> Answered:
    return None, ["This bundle can be passed on whole; the images are those of item 12."]


def _setting(report: Report) -> Answered:
    return _YES if report.said else None, report.said


def _significance(report: Report) -> Answered:
    """Answers yes where each claim that has seeds enough has its interval."""
    claims = report.findings.claims
    enough = all(one.n >= MIN_SEEDS and one.interval for one in claims)
    return (_YES if enough else _PART) if claims else None, [
        f"Of {counted(len(claims), 'claim')}, {sum(one.interval is not None for one in claims)} "
        "have an interval.",
        f"Between seeds, parameters and the order of batches vary. Intervals are 95 % Student t "
        f"intervals over seeds from {MIN_SEEDS} seeds on, of logarithms where the mean is "
        "geometric; those of rates are Wilson's. A claim over several trials is refuted at 5 % "
        "over all of them.",
        "Runs that diverged are counted and kept; each claim says how its number was computed.",
    ]


def _resources(report: Report) -> Answered:
    return _YES if report.timings.groups else None, list(_compute(report))


def _licences(report: Report) -> Answered:
    runs = report.runs
    names = sorted(map(str, runs["dataset"].dropna().unique())) if "dataset" in runs else []
    return _YES if names else None, [
        *(f"{name}: {LICENCES.get(name, 'not recorded')}" for name in names),
        "initlab: MIT. cite.bib credits it, the images, and each work whose law or statement is "
        "used.",
    ]


def _assets(report: Report) -> Answered:
    return None, [
        "croissant.json describes the tables of this report and ro-crate-metadata.json how they "
        "were made. Their licence is for a person to say."
    ]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _compute(report: Report) -> Iterable[str]:
    timings = report.timings
    yield f"Device: {', '.join(report.source.devices) or 'not recorded'}."
    if not timings.groups:
        yield "How long the runs took is not recorded."
        return
    compiling, failing = (
        seconds / _MINUTE for seconds in (timings.compile_seconds, timings.failed_seconds)
    )
    minutes = compiling + failing + timings.run_seconds / _MINUTE
    runs = sum(len(manifest.run_ids) for manifest in report.source.groups.values())
    each = timings.run_seconds / max(runs, 1)
    yield (
        f"A run: {each:.3g} s in the mean over {counted(runs, 'run')}. In total "
        f"{minutes:.3g} min, of them {compiling:.3g} min to compile the programs of "
        f"{counted(timings.groups, 'group')} and {failing:.3g} min in attempts that failed: time "
        "of one worker on one machine."
    )
    if timings.peak_memory_bytes is not None:
        yield f"Memory: {timings.peak_memory_bytes / 1e9:.2g} GB at most, of one worker."
    said = f"Attempts that failed: {timings.failed_attempts}"
    if timings.untimed_attempts:
        said += f"; the time of {timings.untimed_attempts} is not recorded and not in the total"
    yield f"{said}."


# What the record says to a question, by its name; the others are left to a person.
_ANSWERS: dict[str, Callable[[Report], Answered]] = {
    "Claims": _claims,
    "Limitations": _limitations,
    "Theory assumptions and proofs": _theory,
    "Experimental result reproducibility": _reproducibility,
    "Open access to data and code": _access,
    "Experimental setting and details": _setting,
    "Experiment statistical significance": _significance,
    "Experiments compute resources": _resources,
    "Licenses for existing assets": _licences,
    "New assets": _assets,
}
