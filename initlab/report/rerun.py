"""How the runs of a report are run again, step by step, as page and paper say it."""

from initlab.report.provenance import Source


def rerun_steps(source: Source) -> list[str]:
    """Returns the steps as sentences, with code between backticks."""
    versions = " or ".join(source.versions.get("initlab", ()))
    laboratory = f"initlab {versions}" if versions else "initlab"
    return [
        f"Take {laboratory} and let `make setup` install the versions that it locks.",
        "Keep the specification above as `sweep.toml` in a folder "
        f"`experiments/{source.experiment}`, with the experiment's `analysis.py` and `parts.py` "
        "where it has them: those that this report was made with lie in `experiment/` beside it.",
        "Give the command above, and `initlab report` with the same arguments.",
        "Compare the results digest. On the same kind of machine with the same versions it is "
        "equal, to the last bit; elsewhere compare each claim's number with its interval.",
    ]
