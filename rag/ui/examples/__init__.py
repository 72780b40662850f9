"""Questions to begin with, made out of a collection's own articles and tried before they are shown.

Rules make them, no language model. A question is offered only where the collection, asked, answers
it with the very words that it was made of.
"""

from rag.ui.examples.kept import OFFERED, Kept

__all__ = ["OFFERED", "Kept"]
