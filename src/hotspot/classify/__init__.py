"""Nature and department of an order: trained on an office's own history, or from a duty catalogue on day one.

Read in this order: ``features`` (texts to numbers), ``linear`` (ridge, held-out scores, calibration), ``catalogue``
(duties and places), ``model`` (one target), ``training``, ``evaluation``, ``storage``, ``router`` (the answers),
``feedback``.
"""

from .catalogue import Catalogue, general_catalogue, load_catalogue
from .evaluation import Evaluation, evaluate_router
from .feedback import learn
from .router import Choice, Evidence, Router, Suggestion, TargetSuggestion
from .workflow import Trained, train_router

__all__ = [
    "Catalogue",
    "Choice",
    "Evaluation",
    "Evidence",
    "Router",
    "Suggestion",
    "TargetSuggestion",
    "Trained",
    "evaluate_router",
    "general_catalogue",
    "learn",
    "load_catalogue",
    "train_router",
]
