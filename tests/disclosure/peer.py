"""The attack once more, by a plain programme over all cells for each target and side: slow, and simple to check."""

import numpy as np
from scipy import optimize, sparse

from disclosure.attack import Targets
from disclosure.knowledge import Knowledge


def extremes(known: Knowledge, targets: Targets) -> np.ndarray:
    """Return the least and the greatest value of every target."""
    rows = sparse.vstack([known.matrix, -known.matrix], format="csr")
    limits = np.concatenate([known.high, -known.low])
    finite = np.isfinite(limits)
    found = []
    for form in np.atleast_2d(targets.matrix.toarray()):
        wide = np.append(form, np.zeros(len(known.lower) - len(form)))
        for side in (1, -1):
            answer = optimize.linprog(
                side * wide,
                A_ub=rows[finite],
                b_ub=limits[finite],
                bounds=np.column_stack([known.lower, known.upper]),
                method="highs",
            )
            assert answer.status == 0, answer.message
            found.append(side * answer.fun)
    return np.array(found).reshape(-1, 2)
