"""The tasks that the laboratory and its peers are measured at, in numbers.

The peers' environment imports this module too: standard library alone, Python 3.10 or newer.
"""

from dataclasses import dataclass

DEPTH = 10
BATCH = 128
CLASSES = 10
LEARNING_RATE = 0.01
MOMENTUM = 0.9


@dataclass(frozen=True)
class Task:
    """A network that both sides train.

    Attributes:
        model: as a specification of the laboratory names it.
        depth: weight layers, the readout included.
        width: units of a hidden layer, or channels of the first convolution.
        steps: updates in one timed call.
        image_shape: `(height, width, channel)`.
        batch: images of a step.
        training_images: how many there are.
        kinds: what the peer watches, each timed apart: `bare` watches nothing, `moments` the
            signals and their gradients, `gradients` the weights' gradients too.
    """

    model: str
    depth: int
    width: int
    steps: int
    image_shape: tuple[int, int, int] = (28, 28, 1)
    batch: int = 64
    training_images: int = 5000
    kinds: tuple[str, ...] = ("moments",)

    @property
    def name(self) -> str:
        """What a reader calls it."""
        if self.model == "mlp":
            return f"width {self.width} x depth {self.depth}"
        depth = f" x depth {self.depth}" if self.model == "convnet" else ""
        height, width, _ = self.image_shape
        return f"{self.model} of {self.width} channels{depth}, {height}x{width}, batch {self.batch}"


def mlp(width: int, steps: int) -> Task:
    """Returns an MLP on images of the digits' size, in their number."""
    kinds = ("bare", "moments", "gradients")
    return Task("mlp", DEPTH, width, steps, (8, 8, 1), BATCH, 1500, kinds)


MLPS = (mlp(128, 150), mlp(512, 30), mlp(32, 200))
# Steps of about two seconds in all.
CONVNETS = (
    Task("convnet", 6, 16, 40),
    Task("convnet", 20, 16, 10),
    Task("convnet", 6, 32, 12),
    Task("convnet", 20, 32, 4),
    Task("convnet", 6, 64, 5),
    Task("convnet", 20, 64, 2),
    Task("lenet", 5, 6, 200),
    Task("vgg11", 11, 8, 100),
    Task("resnet20", 20, 8, 40),
)
