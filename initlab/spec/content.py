"""Ids that are hashes of what they stand for."""

import hashlib
import json
from typing import Any

ID_DIGITS = 16


def content_id(content: Any) -> str:
    """Returns the first 16 hexadecimal digits of the SHA-256 of `content` as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:ID_DIGITS]
