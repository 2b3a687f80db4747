"""The questions of the NeurIPS paper checklist, in its order."""

QUESTIONS = {
    "Claims": (
        "Do the main claims made in the abstract and introduction accurately reflect the "
        "paper's contributions and scope?"
    ),
    "Limitations": ("Does the paper discuss the limitations of the work performed by the authors?"),
    "Theory assumptions and proofs": (
        "For each theoretical result, does the paper provide the full set of assumptions and a "
        "complete (and correct) proof?"
    ),
    "Experimental result reproducibility": (
        "Does the paper fully disclose all the information needed to reproduce the main "
        "experimental results?"
    ),
    "Open access to data and code": (
        "Does the paper provide open access to the data and code, with sufficient instructions "
        "to faithfully reproduce the main experimental results?"
    ),
    "Experimental setting and details": (
        "Does the paper specify all the training and test details necessary to understand the "
        "results?"
    ),
    "Experiment statistical significance": (
        "Does the paper report error bars suitably and correctly defined or other appropriate "
        "information about the statistical significance of the experiments?"
    ),
    "Experiments compute resources": (
        "For each experiment, does the paper provide sufficient information on the computer "
        "resources needed to reproduce the experiments?"
    ),
    "Code of ethics": (
        "Does the research conform, in every respect, with the NeurIPS Code of Ethics?"
    ),
    "Broader impacts": (
        "Does the paper discuss both potential positive and negative societal impacts of the work?"
    ),
    "Safeguards": (
        "Does the paper describe safeguards for responsible release of data or models that "
        "have a high risk for misuse?"
    ),
    "Licenses for existing assets": (
        "Are the creators or original owners of assets used in the paper properly credited, "
        "and are the licence and terms of use mentioned and respected?"
    ),
    "New assets": (
        "Are new assets introduced in the paper well documented, and is the documentation "
        "provided alongside the assets?"
    ),
    "Crowdsourcing and research with human subjects": (
        "Does the paper include the full text of instructions given to participants, and "
        "details about compensation?"
    ),
    "Institutional review board approvals": (
        "Does the paper describe potential risks incurred by study participants, and whether "
        "approvals were obtained?"
    ),
    "Declaration of LLM usage": (
        "Does the paper describe the usage of LLMs if it is an important, original, or "
        "non-standard component of the core methods?"
    ),
}
