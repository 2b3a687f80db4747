"""`checklist.md`: the NeurIPS paper checklist, with what the record of a report answers of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.numbers import counted
from initlab.report.census import describe_runs, warnings
from initlab.report.claims import count_verdicts
from initlab.report.deposit.report import Report
from initlab.report.provenance import mixture_warnings, stamp
from initlab.report.text import escape_markdown
from initlab.spec.datasets import LICENCES

_OPEN = "left to the authors"
_YES = "yes, as far as the record goes"
_PART = "in part"
_MINUTE = 60.0


@dataclass(frozen=True)
class Item:
    """A question of the checklist; `answer` is None where the record cannot give it."""

    name: str
    question: str
    answer: str | None
    recorded: tuple[str, ...] = ()


def encode_checklist(report: Report) -> str:
    """Returns `checklist.md`, every text from the record escaped."""
    lines = [
        "# NeurIPS paper checklist",
        "",
        f"Of {stamp(report.identity)}, experiment {escape_markdown(report.source.experiment)}. "
        "What the record answers is answered; what a person must answer is left open.",
    ]
    for number, item in enumerate(_items(report), 1):
        lines += ["", f"## {number}. {item.name}", "", f"Question: {item.question}", ""]
        lines += [f"Answer: **{item.answer or _OPEN}**"]
        if item.recorded:
            lines += ["", *(f"- {escape_markdown(one)}" for one in item.recorded)]
    return "".join(f"{line}\n" for line in lines)


def _items(report: Report) -> Iterable[Item]:
    """Returns the sixteen items of the checklist, in its order."""
    return (
        Item(
            "Claims",
            "Do the main claims made in the abstract and introduction accurately reflect the "
            "paper's contributions and scope?",
            None,
            (f"{_sentence(count_verdicts(report.findings.claims))} claims.json has each.",),
        ),
        Item(
            "Limitations",
            "Does the paper discuss the limitations of the work performed by the authors?",
            None,
            (
                f"{_sentence(describe_runs(report.source.census))}",
                *warnings(report.source.census),
                *mixture_warnings(report.source),
            ),
        ),
        Item(
            "Theory assumptions and proofs",
            "For each theoretical result, does the paper provide the full set of assumptions and a "
            "complete (and correct) proof?",
            None,
            ("Where a prediction comes from stands with each claim, as its source.",),
        ),
        Item(
            "Experimental result reproducibility",
            "Does the paper fully disclose all the information needed to reproduce the main "
            "experimental results?",
            _YES,
            (
                f"Command: {report.source.command}",
                "experiment/ holds the specification, the analysis and the ids of the runs.",
                f"The results have the digest {report.source.results_digest}; on the same kind of "
                "machine with the same versions (environment.txt) they come out the same.",
            ),
        ),
        Item(
            "Open access to data and code",
            "Does the paper provide open access to the data and code, with sufficient instructions "
            "to faithfully reproduce the main experimental results?",
            None,
            ("This bundle can be passed on whole; the images are those of item 12.",),
        ),
        Item(
            "Experimental setting and details",
            "Does the paper specify all the training and test details necessary to understand the "
            "results?",
            _YES if report.said else None,
            report.said,
        ),
        Item(
            "Experiment statistical significance",
            "Does the paper report error bars suitably and correctly defined or other appropriate "
            "information about the statistical significance of the experiments?",
            _significance(report),
            tuple(_intervals(report)),
        ),
        Item(
            "Experiments compute resources",
            "For each experiment, does the paper provide sufficient information on the computer "
            "resources needed to reproduce the experiments?",
            _YES if report.timings.groups else None,
            tuple(_compute(report)),
        ),
        Item(
            "Code of ethics",
            "Does the research conform, in every respect, with the NeurIPS Code of Ethics?",
            None,
        ),
        Item(
            "Broader impacts",
            "Does the paper discuss both potential positive and negative societal impacts of the "
            "work?",
            None,
        ),
        Item(
            "Safeguards",
            "Does the paper describe safeguards for responsible release of data or models that "
            "have a high risk for misuse?",
            None,
        ),
        Item(
            "Licenses for existing assets",
            "Are the creators or original owners of assets used in the paper properly credited, "
            "and are the licence and terms of use mentioned and respected?",
            _YES if _datasets(report) else None,
            (
                *(f"{name}: {LICENCES.get(name, 'not recorded')}" for name in _datasets(report)),
                "initlab: MIT. cite.bib credits it, the images, and each work whose law or "
                "statement is used.",
            ),
        ),
        Item(
            "New assets",
            "Are new assets introduced in the paper well documented, and is the documentation "
            "provided alongside the assets?",
            None,
            (
                "croissant.json describes the tables of this report and ro-crate-metadata.json how "
                "they were made. Their licence is for a person to say.",
            ),
        ),
        Item(
            "Crowdsourcing and research with human subjects",
            "Does the paper include the full text of instructions given to participants, and "
            "details about compensation?",
            None,
        ),
        Item(
            "Institutional review board approvals",
            "Does the paper describe potential risks incurred by study participants, and whether "
            "approvals were obtained?",
            None,
        ),
        Item(
            "Declaration of LLM usage",
            "Does the paper describe the usage of LLMs if it is an important, original, or "
            "non-standard component of the core methods?",
            None,
        ),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _significance(report: Report) -> str | None:
    """Returns yes where each claim that has seeds enough has its interval."""
    claims = report.findings.claims
    if not claims:
        return None
    enough = all(one.n >= MIN_SEEDS and one.interval for one in claims)
    return _YES if enough else _PART


def _intervals(report: Report) -> Iterable[str]:
    claims = report.findings.claims
    with_interval = sum(one.interval is not None for one in claims)
    yield f"Of {counted(len(claims), 'claim')}, {with_interval} have an interval."
    yield (
        f"Between seeds, parameters and the order of batches vary. Intervals are 95 % Student t "
        f"intervals over seeds from {MIN_SEEDS} seeds on, of logarithms where the mean is "
        "geometric; those of rates are Wilson's."
    )
    yield "Runs that diverged are counted and kept; each claim says how its number was computed."


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


def _datasets(report: Report) -> list[str]:
    runs = report.runs
    return sorted(map(str, runs["dataset"].dropna().unique())) if "dataset" in runs else []
