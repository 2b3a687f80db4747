"""The gallery: every figure of the reports that lie here, made from real runs."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path


def gallery(reports: Sequence[Path], images: Path) -> str:
    """Returns the page of the figures of reports, whose pictures are copied.

    Args:
        reports: bundles, in the order in which they are shown.
        images: the folder for the pictures, beside the page.
    """
    lines = ["# Gallery", ""]
    lines += ["Each figure was drawn from the runs of the report that is named above it. "]
    lines += ["[figures.md](../figures.md) says how they are read.", ""]
    images.mkdir(parents=True, exist_ok=True)
    for bundle in reports:
        said = json.loads((bundle / "provenance.json").read_text(encoding="utf-8"))
        lines += [f"## {bundle.name}", "", f"Report {said['report_id']}.", ""]
        for picture in sorted((bundle / "figures").glob("*.png")):
            copied = f"{bundle.name}-{picture.name}"
            shutil.copyfile(picture, images / copied)
            title = picture.stem.replace("-", " ")
            lines += [f"### {title}", "", f"![{title}]({images.name}/{copied})", ""]
    return "\n".join(lines)
