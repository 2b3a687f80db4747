"""The title of a report, wherever one is wanted."""


def report_title(experiment: str, question: str) -> str:
    """Returns the question, or the experiment's name where it asks none.

    >>> report_title("smoke", "")
    'Experiment smoke'
    """
    return question or f"Experiment {experiment}"
