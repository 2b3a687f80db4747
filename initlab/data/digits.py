"""The 8 by 8 handwritten digits that come with scikit-learn."""

import numpy as np

from initlab.data.digest import check_sha256, payload_sha256
from initlab.data.image_set import ImageSet, Splits, make_image_set
from initlab.data.stratify import stratified_choice
from initlab.spec.datasets import LICENCES

NUM_TEST = 360
SPLIT_SEED = 1797
SOURCE_SHA256 = "1532971479e9ba4b7b0ae35537ddb019e2e5f83eb94152ebc19f503c7d1b9db8"
"""`payload_sha256` of all images and labels, in scikit-learn's order."""


def load_digits() -> ImageSet:
    """Returns the handwritten digits: 1,437 training and 360 test images, 8 by 8 by 1, 0 to 16.

    The split is stratified and fixed, and does not depend on scikit-learn's version. The
    images come from people whose digits may be in both parts: the test measures new images, not
    new writers.

    Raises:
        DataError: if the installed scikit-learn carries other images.

    References:
        Alpaydin and Kaynak, Cascading Classifiers, Kybernetika 34(4), 1998.
    """
    import sklearn
    from sklearn import datasets

    bunch = datasets.load_digits()
    images = bunch.images.astype(np.uint8)[..., np.newaxis]
    labels = bunch.target.astype("<i4")
    check_sha256(
        f"digits.csv.gz of scikit-learn {sklearn.__version__}",
        expected=SOURCE_SHA256,
        found=payload_sha256(images, labels),
    )
    in_test = np.zeros(labels.size, bool)
    in_test[stratified_choice(labels, NUM_TEST, seed=SPLIT_SEED)] = True
    splits = Splits(images[~in_test], labels[~in_test], images[in_test], labels[in_test])
    return make_image_set(
        splits,
        name="digits",
        class_names=tuple(str(digit) for digit in range(10)),
        max_value=16,
        licence=LICENCES["digits"],
        source=(
            "scikit-learn's load_digits: the test part of Optical Recognition of Handwritten "
            "Digits, UCI Machine Learning Repository, doi:10.24432/C50P49"
        ),
        place=f"scikit-learn {sklearn.__version__}",
    )
