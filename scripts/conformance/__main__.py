"""Prints measured over stated variance: `python -m scripts.conformance [flax pytorch ...]`."""

import argparse
import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "conformance.md"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
# What a section needs to be installed, and its module here.
SECTIONS = {
    "flax": ("flax", "of_flax"),
    "published": ("numpy", "published"),
    "pytorch": ("torch", "of_pytorch"),
    "keras": ("keras", "of_keras"),
}


def main() -> None:
    """Prints a table a framework, or why there is none."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.conformance",
        description="Measures initializers against the variance that they state.",
        epilog="example: python -m scripts.conformance flax pytorch",
    )
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)} (default: all)"
    )
    parser.add_argument("--write", action="store_true", help=f"write them into {DOCUMENT.name} too")
    arguments = parser.parse_args()
    if unknown := set(arguments.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}: choose from {', '.join(SECTIONS)}")
    for name in arguments.sections or SECTIONS:
        text = printed(name)
        print(text, flush=True)
        if arguments.write and text.startswith("## "):
            DOCUMENT.write_text(replaced(DOCUMENT.read_text(), name, text))


def printed(name: str) -> str:
    """Returns a section, measured here or in the environment of the peers, or says why not."""
    package, module = SECTIONS[name]
    if importlib.util.find_spec(package):
        from scripts.conformance.table import section

        framework = importlib.import_module(f"scripts.conformance.{module}").FRAMEWORK
        return section(framework)
    if sys.executable != str(PEERS) and has(PEERS, package):
        command = [str(PEERS), "-m", "scripts.conformance", name]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
        return done.stdout.removesuffix("\n")
    return f"{name}: skipped, {package} is installed neither here nor in {PEERS.parents[1].name}.\n"


def has(python: Path, package: str) -> bool:
    """Tells whether an interpreter is there and finds a package."""
    code = f"import importlib.util, sys; sys.exit(not importlib.util.find_spec({package!r}))"
    return python.exists() and subprocess.run([str(python), "-c", code]).returncode == 0  # noqa: S603


def replaced(document: str, name: str, text: str) -> str:
    """Returns the document with the section between the marks of a name replaced."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->\n)", re.DOTALL)
    if not marks.search(document):
        raise ValueError(f"{DOCUMENT}: has no place for {name}, between <!-- {name} --> and end.")
    return marks.sub(lambda found: found[1] + text + found[2], document)


if __name__ == "__main__":
    main()
