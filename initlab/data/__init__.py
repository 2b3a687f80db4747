"""Image sets in memory; `DATASETS` maps each name to its loader."""

from initlab.data.catalogue import DATASETS, load
from initlab.data.digest import payload_sha256
from initlab.data.held_out import split_validation
from initlab.data.image_set import ImageSet
from initlab.data.input_scaling import Inputs, input_scaling
from initlab.data.stratify import stratified_choice

__all__ = [
    "DATASETS",
    "ImageSet",
    "Inputs",
    "input_scaling",
    "load",
    "payload_sha256",
    "split_validation",
    "stratified_choice",
]
