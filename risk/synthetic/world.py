"""The world: everybody and everything that is true in the synthetic district."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.place import Place
from risk.synthetic.addresses import build_homes
from risk.synthetic.chances import draw_outcome, true_risk
from risk.synthetic.ground import Ground, survey
from risk.synthetic.moves import Residence, make_spells
from risk.synthetic.need import child_need, family_need
from risk.synthetic.options import Options
from risk.synthetic.people import day, make_children, make_families, name_children
from risk.synthetic.streams import stream


@dataclass(frozen=True)
class World:
    """What is true: the ground, the homes, the families, the children (one row each) and where they lived."""

    options: Options
    seed: int
    ground: Ground
    homes: pd.DataFrame
    families: pd.DataFrame
    children: pd.DataFrame
    residence: Residence

    @property
    def end(self) -> int:
        """Return the day of the extracts, in days since 1970."""
        return day(self.options.extracted_on)

    def chance(self, name: str) -> np.random.Generator:
        """Return the generator of chance of the part called `name`."""
        return stream(self.seed, name)

    def family_of(self, child: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Return the family's row for each child, numbered anew from 0."""
        return self.families.iloc[self.children["family"].to_numpy()[child]].reset_index(drop=True)


def make_world(place: Place, options: Options, seed: int) -> World:
    """Return the world of a place; the same place, options and seed give the same world."""
    ground = survey(place, options, seed)
    homes = build_homes(place, ground, seed)
    children = make_children(ground, options, seed)
    families = make_families(children, ground, options, seed)
    families = pd.concat([families, family_need(families, ground, seed)], axis=1)
    residence = Residence(make_spells(families, homes, ground, options, seed))
    children = pd.concat(
        [
            children,
            name_children(children, families, seed),
            child_need(children, families, residence, options, seed),
        ],
        axis=1,
    )
    children["area"] = homes["area"].to_numpy(np.int64)[children["home"].to_numpy()]
    risk = true_risk(children, families, ground, options, seed=seed)
    children = children.assign(true_risk=risk, outcome=draw_outcome(risk, seed))
    return World(options, seed, ground, homes, families, children, residence)
