"""A linear programme that is set up once and asked for one sum after another, each from the last answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.errors import DisclosureError

Floats = npt.NDArray[np.float64]
SETTINGS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",  # what presolve takes away could not be gone on from
    "solver": "simplex",
    "simplex_scale_strategy": 0,  # counts and shares are of one size as they are
    "simplex_strategy": 4,  # primal: the last answer still agrees with all rows when another sum is asked for
}
SLOWLY: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "solver": "simplex"}
"""As HiGHS comes: scaled, presolved and dual, for the rare programme on which the quick way loses its footing."""
_FORMATS = {"csc": highspy.MatrixFormat.kColwise, "csr": highspy.MatrixFormat.kRowwise}
WITHOUT_A_TABLE = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}


@dataclass(frozen=True)
class Bounded:
    """Rows between bounds, of columns between bounds: `low <= matrix @ columns <= high`."""

    matrix: sparse.csc_array | sparse.csr_array
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats

    def holding(self, matrix: sparse.csr_array, values: Floats) -> "Bounded":
        """Return the same with further sums that have to be what they are."""
        return replace(
            self,
            matrix=sparse.csc_array(sparse.vstack([sparse.csr_array(self.matrix), matrix])),
            low=np.concatenate([self.low, values]),
            high=np.concatenate([self.high, values]),
        )

    def counting(self, forms: sparse.csr_array, goals: Floats) -> "Bounded":
        """Return the same with a column more for each form, a sum of columns: what of it lies under its goal.

        The sum of these counts every form up to its goal and no further, so that one table can take many to theirs.
        """
        number = len(goals)
        everything = np.full(number, np.inf)
        return Bounded(
            matrix=_under(sparse.csr_array(self.matrix), forms),
            low=np.concatenate([self.low, np.zeros(number)]),
            high=np.concatenate([self.high, everything]),
            lower=np.concatenate([self.lower, -everything]),
            upper=np.concatenate([self.upper, goals]),
        )


@dataclass(frozen=True)
class Answer:
    """The greatest value, a table that attains it, and the rows' prices: of their upper bounds and of their lower."""

    value: float
    columns: Floats
    prices_high: Floats
    prices_low: Floats


class Programme:
    """What agrees with some rows, asked for the greatest of one sum after another."""

    def __init__(self, rows: Bounded) -> None:
        self._places = np.arange(len(rows.lower), dtype=np.int32)
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.passOptions(OPTIONS)
        matrix, nothing = rows.matrix, np.zeros(len(rows.lower))
        self._solver.passModel(
            *(matrix.shape[1], matrix.shape[0], matrix.nnz),
            *(int(_FORMATS[matrix.format]), int(highspy.ObjSense.kMaximize), 0.0),
            *(nothing, rows.lower, rows.upper, rows.low, rows.high),
            *(matrix.indptr, matrix.indices, matrix.data, nothing.astype(np.int32)),
        )

    def greatest(self, weights: Floats) -> Answer:
        """Return the greatest sum of the columns, each times its weight.

        Raises `DisclosureError` when no table agrees with the rows.
        """
        self._solver.changeColsCost(len(weights), self._places, weights)
        status = self._solved()
        if status != highspy.HighsModelStatus.kOptimal:
            raise DisclosureError(_refusal(status), "Check that all releases speak of the same children.")
        found = self._solver.getSolution()
        prices = np.asarray(found.row_dual)
        return Answer(
            value=float(self._solver.getInfo().objective_function_value),
            columns=np.asarray(found.col_value),
            prices_high=np.clip(prices, 0.0, None),
            prices_low=np.clip(-prices, 0.0, None),
        )

    def _solved(self) -> highspy.HighsModelStatus:
        """Solve from the last answer on; from nothing, and by the other simplex, where that comes to no end."""
        self._solver.run()
        for options in (OPTIONS, CAREFUL):
            status = self._solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal or status in WITHOUT_A_TABLE:
                break
            self._solver.clearSolver()
            self._solver.passOptions(options)
            self._solver.run()
        self._solver.passOptions(OPTIONS)
        return self._solver.getModelStatus()


class Moves:
    """The same, asked as moves from a table that agrees: the solver begins where all rows hold already."""

    def __init__(self, rows: Bounded, table: Floats) -> None:
        sums, still = rows.matrix @ table, np.zeros(2 * len(table))
        room = np.concatenate([rows.upper - table, table - rows.lower])
        self._table = table
        # what a table oversteps by a hair is no room to move
        self._programme = Programme(
            Bounded(
                _both_ways(rows.matrix),
                np.minimum(rows.low - sums, 0.0),
                np.maximum(rows.high - sums, 0.0),
                still,
                np.maximum(room, 0.0),
            )
        )

    def greatest(self, weights: Floats) -> Answer:
        """Return the greatest sum of the columns, each times its weight."""
        found = self._programme.greatest(np.concatenate([weights, -weights]))
        up, down = np.split(found.columns, 2)
        return replace(
            found, value=found.value + float(weights @ self._table), columns=self._table + up - down
        )


def widened(matrix: sparse.csr_array, columns: int) -> sparse.csr_array:
    """Return a matrix with as many columns as asked for: those after its own are empty."""
    return sparse.csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], columns))


def _under(matrix: sparse.csr_array, forms: sparse.csr_array) -> sparse.csr_array:
    """Return a matrix with forms under it, from each of which a column of its own is taken, after all others."""
    number, width = forms.shape
    ends = forms.indptr[1:]
    parts = (
        np.concatenate([matrix.data, np.insert(forms.data, ends, -1.0)]),
        np.concatenate([matrix.indices, np.insert(forms.indices, ends, width + np.arange(number))]),
        np.concatenate([matrix.indptr, matrix.nnz + ends + np.arange(1, number + 1)]),
    )
    return sparse.csr_array(parts, shape=(matrix.shape[0] + number, width + number))


def _both_ways(matrix: sparse.csc_array) -> sparse.csc_array:
    """Return a matrix with each column a second time, turned round."""
    parts = (
        np.concatenate([matrix.data, -matrix.data]),
        np.concatenate([matrix.indices, matrix.indices]),
        np.concatenate([matrix.indptr, matrix.indptr[1:] + matrix.nnz]),
    )
    return sparse.csc_array(parts, shape=(matrix.shape[0], 2 * matrix.shape[1]))


def _options(settings: Mapping[str, bool | int | str]) -> highspy.HighsOptions:
    options = highspy.HighsOptions()
    for name, value in settings.items():
        setattr(options, name, value)
    return options


OPTIONS, CAREFUL = _options(SETTINGS), _options(SLOWLY)


def _refusal(status: highspy.HighsModelStatus) -> str:
    if status in WITHOUT_A_TABLE:
        return "The attack found no table that agrees with what is published."
    return f"The attack was not solved ({status.name})."
