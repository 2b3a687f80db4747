"""CIFAR-10 and CIFAR-100, wherever torchvision, Keras or the user keeps them; none is shipped."""

from functools import partial

from initlab.data.found import Layout, Wanted
from initlab.data.readers.cifar import (
    CIFAR10,
    CIFAR100,
    CifarFiles,
    read_cifar_binary,
    read_cifar_python,
)
from initlab.data.readers.class_folders import PARTS, read_class_folders
from initlab.data.readers.npz import read_npz
from initlab.spec.datasets import LICENCES

SOURCE = "Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009"
FIX = "Fetch it with torchvision or Keras, or take `photo_patches`, which is shipped."
CIFAR10_NAMES = tuple("airplane automobile bird cat deer dog frog horse ship truck".split())
CIFAR100_NAMES = tuple(
    """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
    camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile
    cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp
    lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom
    oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake
    spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
    train trout tulip turtle wardrobe whale willow_tree wolf woman worm
    """.split()
)


def _layouts(
    name: str, pickles: str, binary: str, files: CifarFiles, class_names: tuple[str, ...]
) -> tuple[Layout, ...]:
    """Returns the forms of a set: pickles, as Keras nests them too, binary, npz, folders of PNG.

    Args:
        name: of the set, its own folder and its npz.
        pickles: name of the folder of the Python form.
        binary: name of the folder of the binary form.
        files: what lies in both.
        class_names: what each label means.
    """
    names = (*files.train, files.test)
    read_pickles = partial(read_cifar_python, files=files)
    return (
        *(Layout(f, names, read_pickles) for f in (pickles, f"{pickles}-target/{pickles}")),
        Layout(
            binary, tuple(f"{one}.bin" for one in names), partial(read_cifar_binary, files=files)
        ),
        *(Layout(path, (), read_npz) for path in (f"{name}.npz", f"{name}/{name}.npz")),
        Layout(name, PARTS, partial(read_class_folders, class_names=class_names)),
    )


CIFAR10_SET = Wanted(
    name="cifar10",
    class_names=CIFAR10_NAMES,
    train_counts=(5_000,) * 10,
    test_counts=(1_000,) * 10,
    licence=LICENCES["cifar10"],
    source=f"CIFAR-10 ({SOURCE}), 50,000 + 10,000 images",
    fix=FIX,
    layouts=_layouts(
        "cifar10", "cifar-10-batches-py", "cifar-10-batches-bin", CIFAR10, CIFAR10_NAMES
    ),
)
CIFAR100_SET = Wanted(
    name="cifar100",
    class_names=CIFAR100_NAMES,
    train_counts=(500,) * 100,
    test_counts=(100,) * 100,
    licence=LICENCES["cifar100"],
    source=f"CIFAR-100 ({SOURCE}), 50,000 + 10,000 images, fine labels",
    fix=FIX,
    layouts=_layouts("cifar100", "cifar-100-python", "cifar-100-binary", CIFAR100, CIFAR100_NAMES),
)
