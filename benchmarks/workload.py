"""The task that the laboratory and its peers are measured at, in numbers.

The peers' environment imports this module too: standard library alone, Python 3.10 or newer.
"""

WIDTHS = (128, 512, 32)
DEPTH = 10
BATCH = 128
INPUTS = 64
CLASSES = 10
TRAINING_IMAGES = 1500
LEARNING_RATE = 0.01
MOMENTUM = 0.9
