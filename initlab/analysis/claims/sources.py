"""Whose a statement is: a named work's, a common one without a source, or added here."""

COMMON = "A common statement, without a source"
ADDED = "Added here"  # from the literature, or derived

CS231N = "Stated in the notes of Stanford's course cs231n, Neural Networks Part 2"
SETTING_UP = f"{CS231N}, setting up the data and the model"
WEIGHTS = f"{CS231N}, weight initialization"
TRANSFER = (
    "Stated in the notes of Stanford's course cs231n, Transfer Learning, section Transfer Learning"
)
GUIDE = (
    "Stated in Deshpande 2016, A Beginner's Guide to Understanding Convolutional Neural Networks, "
    "Part 2"
)
HE = "Stated in He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2"
DELVING = f"{ADDED}: He et al. 2015, Delving Deep into Rectifiers (arXiv:1502.01852)"
ALEXNET = f"{ADDED}: Krizhevsky et al. 2012, ImageNet Classification with Deep CNNs, figure 1"
GLOROT = f"{COMMON}, on the laws of Glorot and Bengio 2010 and of He et al. 2015"
RECTIFIERS = f"{COMMON}: lower layers learn with rectifiers, slowly with tanh and sigmoid"
FINITE = "typical decay of a finite net, Hanin and Rolnick 2018, arXiv:1803.01719"
ELU = f"{COMMON}: 1.55/fan_in. {ADDED}: exact 1.55051881, by quadrature"
FACTS = f"{ADDED}: derived from the chain rule"
DERIVED = f"{ADDED}: derived in the README of this experiment"
EQUAL_CLASSES = f"{ADDED}: the logarithm of their number, asked of every initializer"
HOLDING = (
    f"{ADDED}: asked of every initializer; He et al. 2015, section 2.2, state only that a proper "
    "one should not scale a signal exponentially"
)
FIRST_ERROR = (
    f"{COMMON}: at random initialization the output is [.1 .1 ... .1], of ten classes. {ADDED}: "
    "half the summed squared error of 1/K for each of K classes is (1 - 1/K) / 2"
)
MEAN_FIELD = (
    f"{ADDED}: the mean-field recursion, Schoenholz et al. 2017, arXiv:1611.01232; scatter of "
    "finite width after Hanin and Rolnick 2018, arXiv:1803.01719"
)
PADDING = (
    f"{ADDED}: derived in the README of conv_propagation, the largest eigenvalue of a mean over "
    "neighbouring places"
)
FANS = (
    f"{ADDED}: a filter sums over its window's taps times the channels below, He et al. 2015, "
    "arXiv:1502.01852, section 2.2; what mistaking that makes is derived in the README"
)
PRETRAINED = (
    f"{TRANSFER}: few train from scratch, since data are few; pretrained weights are the start, or "
    "a fixed extractor of features"
)
FOUR_CASES = (
    f"{TRANSFER}: new data few or many, similar or different; a linear classifier on top, all "
    "layers fine-tuned, a linear classifier on lower features, a pretrained start all the same"
)
LESS_DATA = f"{GUIDE}, transfer learning: it has helped to lessen the data demands"
UPPER_LAYERS = (
    f"{TRANSFER}: earlier layers may be kept, against over-fitting, and the upper ones fine-tuned"
)
CONTROLLED = (
    f"{ADDED}: weights of the same moments, the same weights shuffled, and orthogonal ones of the "
    "same mean square have all that pretrained ones have but what was learned"
)
FEW_LAYERS = f"{TRANSFER}: some of the earlier layers are kept fixed due to overfitting concerns"
FROZEN_LAYERS = (
    f"{GUIDE}, transfer learning: on quite different data train more of the layers and freeze only "
    "a couple of low ones"
)
MIDDLE_LAYER = f"{TRANSFER}: convolutions cannot be taken out arbitrarily from a pretrained net"
ANOTHER_SIZE = f"{TRANSFER}: since places share weights a pretrained net runs on other image sizes"
CODES = (
    f"{TRANSFER}: a pretrained net as a fixed extractor of features with a linear classifier on "
    "them; it is important that its codes are rectified if they were so in training"
)
HEADS = f"{COMMON}: new last layers of a pretrained net are to begin by He's law, or at zero"
NEVER_ZERO = f"{WEIGHTS}: they are not to begin all at zero"
SLOW_OLD = f"{TRANSFER}: pretrained weights learn more slowly, so as not to be distorted"
YOSINSKI = (
    f"{ADDED}: Yosinski et al. 2014, How transferable are features in deep neural networks "
    "(arXiv:1411.1792), figure 2"
)
POOLING = (
    "Stated in the notes of Stanford's course cs231n, Convolutional Networks, section Pooling "
    "Layer: max pooling works better in practice, and discards 75 % of the activations"
)
MOVING = f"{GUIDE}, pooling: an exact place is not as important as the place relative to others"
KERNELS = f"{COMMON}: odd kernels serve better, and 3 is the least meaningful size"
UNPADDED = f"{GUIDE}, padding: without it sizes decrease faster than one would like"
IDLE = f"{COMMON}: a rectifier after max pooling of rectified values changes nothing"
ENLARGING = f"{GUIDE}, data augmentation: it artificially expands the data"
REDUNDANT = (
    f"{GUIDE}, dropout: it makes a net redundant, and is for training only. {ADDED}: units removed "
    "one after another, Morcos et al. 2018, arXiv:1803.06959"
)
NOISE = (
    f"{ADDED}: dropout moves the critical weight variance of rectifiers to 2 times the share kept, "
    "Pretorius et al. 2018, arXiv:1811.00293"
)
EDGE_DETECTOR = (
    "Stated in the LeNet tutorial of deeplearning.net, section The Convolution Operator: a "
    "randomly initialized filter acts very much like an edge detector"
)
BLIND = (
    "Stated in Deshpande 2016, A Beginner's Guide to Understanding Convolutional Neural Networks, "
    "Part 1, training: before it the filters don't know to look for edges and curves"
)
CENTRED_EDGES = (
    f"{ADDED}: a filter that sums to zero is silent on uniform ground, as Sobel's is, so that what "
    "it answers to is change"
)
SELECTING = (
    f"{ADDED}: an edge detector selects an orientation and a band of frequencies, as Sobel's does; "
    "asked of random filters, which are said to act like one"
)
LEARNED_EDGES = (
    f"{COMMON}: training makes filters look for edges. {ADDED}: controls of the same moments, and "
    "of the same pixels"
)
EDGES_AND_BLOBS = (
    f"{COMMON}: first layers learn edges and blobs of colour. {ADDED}: Krizhevsky et al. 2012, "
    "figure 3; Zeiler and Fergus, arXiv:1311.2901"
)
SMOOTH = (
    "Stated in the notes of Stanford's course cs231n, Understanding and Visualizing Convolutional "
    "Neural Networks, section Visualizing the activations and first-layer weights: well-trained "
    "networks usually display smooth filters without noisy patterns"
)
DEEPER = (
    "Stated in Deshpande 2016, A Beginner's Guide to Understanding Convolutional Neural Networks, "
    "Part 1, going deeper: deeper layers combine what first ones see, to semicircles and squares. "
    f"{ADDED}: linear probes, Alain and Bengio, arXiv:1610.01644"
)
CURVE = (
    "Stated in Deshpande 2016, A Beginner's Guide to Understanding Convolutional Neural Networks, "
    "Part 1, first layer: a curve detector answers a curve with a large value, other places with 0"
)
LEARNED_X = f"{COMMON}: if there is an X to detect, one of the filters will learn to detect an X"
HAND_MADE = f"{ADDED}: what filters made by hand are worth, asked of each bank"
MEAN_REMOVED = f"{ADDED}: ones on zeros answer to brightness too, the same less its mean does not"
RANDOM_FEATURES = (
    f"{ADDED}: Jarrett et al. 2009, What is the best multi-stage architecture for object "
    "recognition?: random filters almost 63 %, trained ones over 65 %, on Caltech-101"
)
ENTROPY = f"{ADDED}: equal probabilities of K classes have the entropy ln K, the greatest there is"
