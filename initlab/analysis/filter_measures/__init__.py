"""Numbers of filters, from the kernels that were kept: pure functions of arrays."""

from initlab.analysis.filter_measures.colour import colour_selectivity
from initlab.analysis.filter_measures.edges import edge_correlation, edge_detection
from initlab.analysis.filter_measures.gabors import gabor_similarity
from initlab.analysis.filter_measures.movement import cosine_to_start, relative_movement
from initlab.analysis.filter_measures.responses import responses
from initlab.analysis.filter_measures.spectrum import (
    frequency_response,
    frequency_selectivity,
    mean_frequency,
    orientation_selectivity,
    preferred_orientation,
)
from initlab.analysis.filter_measures.templates import template_match

__all__ = [
    "colour_selectivity",
    "cosine_to_start",
    "edge_correlation",
    "edge_detection",
    "frequency_response",
    "frequency_selectivity",
    "gabor_similarity",
    "mean_frequency",
    "orientation_selectivity",
    "preferred_orientation",
    "relative_movement",
    "responses",
    "template_match",
]
