"""`croissant.json`: the tables of a report in the data-set format of MLCommons, Croissant 1.0."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from initlab.report.columns import flat
from initlab.report.deposit.report import KEYWORDS, Report
from initlab.report.provenance import stamp

_FORMAT = "1.0.0"  # of the tables; what comes after it is the report's id
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def encode_croissant(report: Report, folder: Path, digests: Mapping[str, str]) -> str:
    """Returns `croissant.json`: each CSV file of a bundle, and each of its columns with its type.

    Args:
        report: the report.
        folder: its bundle.
        digests: path of each file in the bundle to its SHA-256.
    """
    tables = list(_tables(report))
    content: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": report.title,
        "description": report.abstract,
        "identifier": stamp(report.identity),
        "version": f"{_FORMAT}+{report.identity}",
        "creator": {"@type": "sc:Organization", "name": report.authors},
        "citeAs": f"@misc{{initlab-{report.identity}}} of cite.bib",
        "keywords": list(KEYWORDS),
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": place,
                "name": place,
                "description": caption,
                "contentUrl": place,
                "encodingFormat": "text/csv",
                "sha256": digests[place],
            }
            for place, caption, _ in tables
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": place.removesuffix(".csv"),
                "name": place.removesuffix(".csv"),
                "description": caption,
                "field": _fields(place, table, folder / place),
            }
            for place, caption, table in tables
        ],
    }
    if report.date:
        content["datePublished"] = report.date
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _tables(report: Report) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yields the path, the caption and the content of each CSV file."""
    for drawing in report.findings.drawings:
        yield f"figures/{drawing.name}.csv", drawing.caption, drawing.table
    for listing in report.findings.listings:
        yield f"tables/{listing.name}.csv", listing.caption, flat(listing)


def _fields(place: str, table: pd.DataFrame, path: Path) -> list[dict[str, Any]]:
    """Returns the columns by the names that the file gives them."""
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file), [])
    return [
        {
            "@type": "cr:Field",
            "@id": f"{place.removesuffix('.csv')}/{number}",
            "name": name,
            "dataType": _type(kind),
            "source": {"fileObject": {"@id": place}, "extract": {"column": name}},
        }
        for number, (name, kind) in enumerate(zip(names, table.dtypes, strict=True))
    ]


def _type(kind: Any) -> str:
    if is_bool_dtype(kind):
        return "sc:Boolean"
    if is_integer_dtype(kind):
        return "sc:Integer"
    return "sc:Float" if is_float_dtype(kind) else "sc:Text"
