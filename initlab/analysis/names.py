"""Names for people: initializers as legends write them, and the order in which they stand."""

import re
from collections.abc import Iterable

_LABEL = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:\((?P<arguments>.*)\))?")

# In the order in which legends and tables list them.
FAMILIES: dict[str, str] = {
    "zeros": "zeros",
    "ones": "ones",
    "constant": "constant",
    "zfnet_constant": "ZFNet constant",
    "tied_halves": "tied halves",
    "normal": "normal",
    "truncated_normal": "truncated normal",
    "uniform": "uniform",
    "alexnet_normal": "AlexNet normal",
    "caffenet_dense_normal": "CaffeNet dense normal",
    "vgg_normal": "VGG normal",
    "vgg_port_normal": "VGG port normal",
    "zfnet_normal": "ZFNet normal",
    "nin_normal": "NIN normal",
    "sparse": "sparse",
    "sparse_incoming": "sparse incoming",
    "lenet_uniform": "LeNet uniform",
    "lenet_demo_uniform": "LeNet demo uniform",
    "lenet_paper_uniform": "LeNet paper uniform",
    "lenet_class_uniform": "LeNet class uniform",
    "lenet_sigmoid_uniform": "LeNet sigmoid uniform",
    "pytorch_default": "PyTorch default",
    "keras_default": "Keras default",
    "flax_default": "Flax default",
    "haiku_default": "Haiku default",
    "caffe_xavier": "Caffe Xavier",
    "caffe_msra": "Caffe MSRA",
    "lecun_normal": "LeCun normal",
    "lecun_uniform": "LeCun uniform",
    "glorot_normal": "Glorot normal",
    "glorot_uniform": "Glorot uniform",
    "fan_in_normal": "normal",
    "variance_scaling": "",
    "he_normal": "He normal",
    "he_uniform": "He uniform",
    "he_leaky_normal": "He leaky normal",
    "he_leaky_uniform": "He leaky uniform",
    "random_walk": "random walk",
    "siren_first": "SIREN first",
    "siren_hidden": "SIREN hidden",
    "orthogonal": "orthogonal",
    "delta_orthogonal": "delta-orthogonal",
    "identity": "identity",
    "dirac": "Dirac",
    "zero_hadamard": "ZerO",
    "sobel": "Sobel",
    "prewitt": "Prewitt",
    "laplacian": "Laplacian",
    "gabor": "Gabor",
    "curve_detector": "curve detector",
    "x_detector": "X detector",
    "pretrained": "pretrained",
}
# How an argument is written behind its family's name.
ARGUMENTS: dict[str, str] = {
    "sparsity": " {}",
    "connections": " {}",
    "stddev": " {}",
    "value": " {}",
    "gain": " times {}",
    "low": " {}",
    "high": " to {}",
    "mean": ", mean {}",
    "tie": ", {} only",
    "negative_slope": ", slope {}",
    "mode": ", {}",
    "pool_area": ", pooled {}",
    "folded_omega": ", frequency {}",
    "omega": ", frequency {}",
    "activation": ", {}",
    "cycles": ", {} cycles",
    "orientations": ", {} orientations",
    "form": ", {}",
    "spare": ", spare ones {}",
    "checkpoint": " on {}",
    "layers": ", layers {}",
    "control": ", {}",
}
SPARSE = {"stddev": ", normal {}"}  # beside a count or a share
FANS = {
    "fan_in": "fan-in",
    "fan_out": "fan-out",
    "fan_avg": "mean fan",
    "fan_geo_avg": "geometric mean fan",
}
KNOWN = {*ARGUMENTS, "weight_variance", "scale", "distribution"}
ORDERED = ("mean", "stddev", "weight_variance", "scale", "gain", "negative_slope", "sparsity")
READOUT = " + readout "
OPTIMIZERS = ("sgd", "momentum", "adam")
ACTIVATIONS = ("identity", "relu", "leaky_relu", "tanh", "sigmoid", "elu", "selu", "gelu", "silu")


def short_name(label: str) -> str:
    """Returns an initializer's label as a legend writes it, numbers to three digits.

    >>> short_name("he_normal"), short_name("normal(stddev=0.01)")
    ('He normal', 'normal 0.01')
    >>> short_name("fan_in_normal(weight_variance=1.55051881)")
    '1.55/fan-in normal'
    """
    kernels, readout, law = label.partition(READOUT)
    if readout:
        return f"{short_name(kernels)}, readout {short_name(law)}"
    name, arguments = _parse(label)
    if name not in FAMILIES or not {*arguments} <= KNOWN:
        return label.replace("_", " ")
    numbers = {key: _number(value) for key, value in arguments.items()}
    forms = ARGUMENTS | SPARSE if name.startswith("sparse") else ARGUMENTS
    written = _scale(name, numbers) + FAMILIES[name]
    for key in sorted(numbers, key=list(forms).index):
        written += forms[key].format(numbers[key])
    return written


def _scale(name: str, numbers: dict[str, str]) -> str:
    """Returns the variance over a fan as a name begins, and takes its numbers out."""
    match name:
        case "variance_scaling":
            fan = FANS.get(numbers.pop("mode", "fan_in"), "fan")
            cut = numbers.pop("distribution", "truncated_normal").replace("_", " ")
            return f"{numbers.pop('scale', 'scaled')}/{fan} {cut}"
        case "caffe_xavier" | "caffe_msra" if "mode" in numbers:
            numbers["mode"] = FANS.get(numbers["mode"], numbers["mode"])
        case "pretrained" if "control" in numbers:
            numbers["control"] = numbers["control"].replace("_", " ")
        case "tied_halves" if numbers.get("weight_variance") == "1":
            numbers.pop("weight_variance")
    scale = numbers.pop("weight_variance", "")
    return f"{scale}/fan-in " if scale else ""


def capital(text: str) -> str:
    """Returns a text with its first letter raised, as a sentence begins.

    >>> capital("zeros and He normal")
    'Zeros and He normal'
    """
    return f"{text[:1].upper()}{text[1:]}"


def short_names(labels: Iterable[str]) -> dict[str, str]:
    """Returns label to short name; labels that would look alike keep all their digits."""
    labels = list(dict.fromkeys(labels))
    short = [short_name(label) for label in labels]
    return {
        label: name if short.count(name) == 1 else label
        for label, name in zip(labels, short, strict=True)
    }


def initializer_order(label: str) -> tuple[int, tuple[float, ...], str]:
    """Returns the key by which initializers are sorted: family, then numbers, then text."""
    name, arguments = _parse(label.partition(READOUT)[0])
    families = list(FAMILIES)
    numbers = (_as_float(arguments.get(key)) for key in ORDERED)
    rank = families.index(name) if name in families else len(families)
    return rank, tuple(numbers), label


def activation_order(name: str) -> tuple[int, str, int]:
    """Returns the key by which activations are sorted, an optimizer after a comma among them."""
    activation, _, optimizer = name.partition(", ")
    place = ACTIVATIONS.index(activation) if activation in ACTIVATIONS else len(ACTIVATIONS)
    return place, activation, optimizer_order(optimizer)


def optimizer_order(name: str) -> int:
    """Returns the key by which optimizers are sorted; others follow."""
    return OPTIMIZERS.index(name) if name in OPTIMIZERS else len(OPTIMIZERS)


def _parse(label: str) -> tuple[str, dict[str, str]]:
    """Returns a label's name and arguments; of a text of another form, itself and none."""
    match = _LABEL.fullmatch(label)
    if match is None:
        return label, {}
    pairs = [part.partition("=") for part in (match["arguments"] or "").split(", ") if "=" in part]
    return match["name"], {key: value for key, _, value in pairs}


def _number(value: str) -> str:
    """Returns a number to three digits; other text as it is."""
    try:
        return re.sub(r"e([+-])0*(\d)", r"e\1\2", format(float(value), ".3g"))
    except ValueError:
        return value


def _as_float(value: str | None) -> float:
    try:
        return float(value or 0.0)
    except ValueError:
        return 0.0
