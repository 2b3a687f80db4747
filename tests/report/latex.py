"""LaTeX's programs, run on a paper."""

import subprocess

OPTIONS = ("-interaction=nonstopmode", "-halt-on-error")


def run_latex(program, folder, *options):
    """What a program says of `paper` in a folder; it has to succeed."""
    done = subprocess.run(
        [program, *options, "paper"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout
