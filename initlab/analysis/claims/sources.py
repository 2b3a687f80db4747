"""Whose a statement is: of the documents that the project starts from, or added to them."""

TAUGHT = "Stated in the teaching documents"  # course notes and tutorials that people ask from
LINKED = "Stated in a work that the teaching documents link to"
ADDED = "Added here"  # from the literature, or derived

HE = f"{TAUGHT}: He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2"
SETTING_UP = f"{TAUGHT}: cs231n, Neural Networks Part 2, setting up the data and the model"
WEIGHTS = f"{TAUGHT}: cs231n, Neural Networks Part 2, weight initialization"
GLOROT = f"{TAUGHT}: Glorot and Bengio 2010, and He et al. 2015, as these put them"
RECTIFIERS = f"{TAUGHT}: on rectifiers and lower layers"
FINITE = "typical decay of a finite net, Hanin and Rolnick 2018, arXiv:1803.01719"
ELU = f"{LINKED}: 1.55/fan_in. {ADDED}: exact 1.55051881, by quadrature"
FACTS = f"{ADDED}: derived from the chain rule"
DERIVED = f"{ADDED}: derived in the README of this experiment"
LN_10 = f"{ADDED}: ln 10 = 2.302585"
