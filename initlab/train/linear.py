"""Linear classifiers on fixed features, their penalty chosen on images that do not train."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

KINDS = ("svm", "softmax")
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
ITERATIONS = 2_000
CLOSE_ENOUGH = 1e-3  # of the gradient: accuracies do not change beyond


class Labelled(NamedTuple):
    """Features `(image, feature)` and the class of each image."""

    features: Float[np.ndarray, "image feature"]
    labels: Int[np.ndarray, " image"]


class LinearFit(NamedTuple):
    """A linear classifier: what it was chosen by, and how often it is right.

    Attributes:
        penalty: C of scikit-learn, the inverse of the weight of the squared norm.
        validation_accuracy: by which the penalty was chosen.
        test_accuracy: on images that chose nothing.
    """

    penalty: float
    validation_accuracy: float
    test_accuracy: float


def fit_linear(
    kind: str,
    train: Labelled,
    validation: Labelled,
    test: Labelled,
    *,
    penalties: Sequence[float] = PENALTIES,
) -> LinearFit:
    """Returns the linear classifier whose penalty does best on the validation part.

    Features are standardized by the training part. Of penalties that do equally well the strongest
    is taken.

    Args:
        kind: a support vector machine, one class against the rest, or softmax regression.
        train: what is fitted.
        validation: what the penalty is chosen on.
        test: what is reported.
        penalties: C of scikit-learn, all above 0.

    Raises:
        ValueError: if `kind` is another, or there is no penalty.
    """
    if kind not in KINDS or not penalties:
        raise ValueError(f"`kind` must be 'svm' or 'softmax', with penalties, got {kind!r}.")
    middle, deviation = train.features.mean(axis=0), train.features.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)

    def scaled(part: Labelled) -> np.ndarray:
        return (part.features - middle) / deviation

    own, others = scaled(train), [(scaled(part), part.labels) for part in (validation, test)]
    found = []
    for penalty in sorted(penalties):
        fitted = _classifier(kind, penalty).fit(own, train.labels)
        scores = [float(np.mean(fitted.predict(x) == labels)) for x, labels in others]
        found.append(LinearFit(penalty, *scores))
    return max(found, key=lambda fit: fit.validation_accuracy)


def _classifier(kind: str, penalty: float) -> Any:
    """Returns scikit-learn's classifier, whose import takes a second."""
    if kind == "svm":
        from sklearn.svm import LinearSVC

        return LinearSVC(C=penalty, random_state=0, max_iter=ITERATIONS, dual="auto")
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=penalty, max_iter=ITERATIONS, tol=CLOSE_ENOUGH)
