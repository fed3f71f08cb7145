"""Moves: who lives where on which day."""

import numpy as np
import pandas as pd
import pytest

from geo.place import Place
from risk.synthetic.addresses import FIRST_UPRN
from risk.synthetic.moves import Residence
from risk.synthetic.options import Options
from risk.synthetic.world import World, make_world


@pytest.fixture(scope="module")
def world(demo: Place) -> World:
    return make_world(demo, Options(), 7)


def test_residence_by_hand() -> None:
    spells = pd.DataFrame(
        [(0, 10, 100, 200), (0, 11, 200, 300), (1, 20, 150, 10**6)],
        columns=["family", "home", "since", "until"],
    )
    residence = Residence(spells)
    family, on = np.array([0, 0, 0, 0, 0, 1, 1]), np.array([99, 100, 199, 200, 300, 149, 9999])
    home, here = residence.at(family, on)
    assert home.tolist() == [10, 10, 10, 11, 11, 20, 20]
    assert here.tolist() == [False, True, True, True, False, False, True]
    assert residence.before(np.array([0, 0, 0, 1]), np.array([99, 200, 201, 999])).tolist() == [0, 0, 1, 0]


def test_families_begin_in_their_first_area_each_in_a_home_of_its_own(world: World) -> None:
    families = np.arange(len(world.families))
    home, _ = world.residence.at(families, np.zeros(len(families), dtype=np.int64))
    assert np.array_equal(world.homes["area"].to_numpy()[home], world.families["area"].to_numpy())
    assert len(np.unique(home)) == len(home)


def test_newcomers_are_not_here_before_they_come_nor_leavers_after(world: World) -> None:
    family = np.arange(len(world.families))
    arrived, left = world.families["arrived"].to_numpy(), world.families["left"].to_numpy()
    came = arrived > 0
    assert not world.residence.at(family[came], arrived[came] - 1)[1].any()
    assert world.residence.at(family[came], arrived[came])[1].all()
    gone = left < 10**6
    assert not world.residence.at(family[gone], left[gone])[1].any()
    assert 0.06 < came.mean() < 0.10
    assert 0.03 < gone.mean() < 0.06


def test_private_tenants_move_most(world: World) -> None:
    tenure = world.families["tenure"].to_numpy()[world.children["family"].to_numpy()]
    moves = world.children["moves"].groupby(tenure).mean()
    assert moves["private"] > 2 * moves["social"] > 2 * moves["own"]


def test_homes_lie_in_their_area_at_its_live_postcodes(world: World, demo: Place) -> None:
    homes = world.homes
    assert homes["uprn"].is_unique
    assert homes["uprn"].min() > FIRST_UPRN
    assert not homes.duplicated(["address_line", "postcode"]).any()
    areas = demo.areas()
    inside = areas.geometry.iloc[homes["area"].to_numpy()].reset_index(drop=True)
    points = pd.DataFrame({"x": homes["x"], "y": homes["y"]})
    import shapely

    assert shapely.intersects_xy(inside.to_numpy(), points["x"], points["y"]).all()
    postcodes = demo.postcodes()
    assert postcodes is not None
    live = postcodes[~postcodes["terminated"]].set_index("postcode")["area"]
    assert (live.loc[homes["postcode"]].to_numpy() == areas.index.to_numpy()[homes["area"].to_numpy()]).all()
