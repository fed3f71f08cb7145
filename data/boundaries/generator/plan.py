"""The plan of the town: where its river, railway, main roads, estates and open land are meant to lie.

Coordinates here are kilometres from the south-west corner of the sheet (ORIGIN, EPSG:27700).
"""

from dataclasses import dataclass

ORIGIN = (636000.0, 186000.0)
CRS = "EPSG:27700"
SEED = 20260503
AREAS = 600
MEAN_PEOPLE = 310

Kilometres = tuple[tuple[float, float], ...]

CENTRE = (4.4, 4.05)
REACH = (4.75, 4.2)

RIVER: Kilometres = (
    (-1.2, 6.5), (-0.2, 6.15), (0.8, 5.8), (1.7, 5.2), (2.6, 5.3), (3.5, 4.95), (4.3, 5.15), (5.2, 4.9),
    (5.9, 4.25), (6.6, 4.1), (7.2, 3.5), (7.9, 3.15), (8.7, 2.5), (10.2, 2.0),
)  # fmt: skip
RAILWAY: Kilometres = (
    (-1.2, 1.7), (0.3, 1.95), (1.7, 2.4), (3.1, 3.1), (4.3, 3.6), (5.3, 3.7), (6.2, 3.25), (7.0, 2.5),
    (8.0, 1.6), (10.2, 0.6),
)  # fmt: skip


@dataclass(frozen=True)
class Road:
    """A main road: its name and the points it passes, in kilometres."""

    name: str
    points: Kilometres


ROADS = (
    Road("London Road", ((-1.2, 3.6), (0.3, 3.75), (1.65, 3.8), (3.0, 4.0), (4.15, 4.3))),
    Road("High Street", ((4.15, 4.3), (4.8, 4.33), (5.3, 4.25))),
    Road("Quay Road", ((5.3, 4.25), (5.7, 3.83), (6.2, 3.72), (6.7, 3.4), (7.15, 2.95))),
    Road("Abbey Road", ((4.15, 4.3), (4.12, 5.2), (4.3, 5.9), (4.5, 6.45))),
    Road("North Road", ((4.5, 6.45), (4.62, 7.2), (4.9, 9.0))),
    Road("West Bridge Road", ((1.65, 3.8), (1.72, 4.6), (1.75, 5.4), (2.05, 6.1), (2.75, 6.5))),
    Road("Northern Way", ((2.75, 6.5), (3.6, 6.4), (4.5, 6.45), (5.6, 6.2), (6.4, 5.95))),
    Road("Eastmere Road", ((5.3, 4.25), (5.55, 4.85), (5.95, 5.4), (6.4, 5.95))),
    Road("Thorn Road", ((6.4, 5.95), (7.3, 6.05), (8.2, 6.35), (10.2, 6.9))),
    Road("Cygnet Way", ((6.4, 5.95), (6.95, 5.25), (7.45, 4.75), (8.3, 4.3), (10.2, 4.2))),
    Road("Winstead Road", ((2.75, 6.5), (2.2, 7.2), (1.6, 9.0))),
    Road("Leigh Lane", ((1.65, 3.8), (1.6, 3.0), (1.5, 2.2), (1.65, 1.3))),
    Road("Station Road", ((4.15, 4.3), (3.95, 3.7), (3.85, 3.0), (3.75, 2.2), (3.7, 1.55))),
    Road("Downs Road", ((3.7, 1.55), (3.75, 0.6), (3.9, -1.2))),
    Road("Brick Lane", ((5.3, 4.25), (5.2, 3.55), (5.05, 2.8), (5.1, 1.75))),
    Road("Southern Way", ((-1.2, 1.0), (0.4, 0.95), (1.65, 1.3), (2.7, 1.25), (3.7, 1.55), (5.1, 1.75))),
    Road("Kestrel Way", ((5.1, 1.75), (6.1, 1.75), (7.0, 1.35), (8.0, 0.6), (9.5, -0.9))),
    Road("Tern Hill Road", ((5.1, 1.75), (5.35, 1.0), (5.9, 0.3), (6.1, -1.2))),
)


@dataclass(frozen=True)
class Estate:
    """A neighbourhood as planned.

    x, y, width and depth (half axes) in kilometres; turn in degrees; style one of `old`, `terrace`, `grid`,
    `crescent`, `new`, `village`; density relative, about people a hectare; need in standard units round 0;
    served is how well community assets serve it (0 not at all, 1 ordinary).
    """

    name: str
    x: float
    y: float
    width: float
    depth: float
    turn: float
    style: str
    density: float
    need: float
    served: float = 1.0
    gap: float = 0.0

    @property
    def young(self) -> float:
        """Return how young its people are, 0 to 1."""
        return {"new": 1.0, "grid": 0.6, "terrace": 0.55, "old": 0.35, "crescent": 0.25}.get(self.style, 0.1)


ESTATES = (
    Estate("Old Marshwick", 3.95, 4.32, 0.80, 0.58, 10, "old", 100, 0.25, 2.6),
    Estate("Chandlers Quay", 4.98, 4.35, 0.55, 0.50, 15, "terrace", 95, 0.30, 1.4),
    Estate("Wharfside", 3.55, 5.68, 0.72, 0.58, -8, "terrace", 84, 0.35, 1.2),
    Estate("Coldharbour", 4.35, 2.80, 0.85, 0.62, 22, "terrace", 84, 0.40, 1.2),
    Estate("Saltings", 6.55, 3.42, 0.86, 0.50, -42, "grid", 74, 0.30, 0.12, 130),
    Estate("Harrow Field", 2.55, 1.85, 0.84, 0.66, 28, "grid", 70, 0.20, 0.14, 90),
    Estate("Larkfield", 2.45, 5.95, 0.68, 0.58, 35, "grid", 72, 0.20, 1.5, 50),
    Estate("Westbrook", 2.65, 4.30, 0.80, 0.66, 5, "grid", 66, 0.05, 1.0, 40),
    Estate("Abbots Leigh", 1.15, 3.10, 0.78, 0.66, 60, "crescent", 46, -0.45, 1.0, 110),
    Estate("The Limes", 0.88, 4.72, 0.66, 0.58, 0, "crescent", 50, -0.30, 0.9, 90),
    Estate("St Oswin's", 1.20, 6.62, 0.78, 0.58, 30, "crescent", 48, -0.10, 0.8, 140),
    Estate("Priory", 5.15, 5.62, 0.78, 0.62, -20, "terrace", 66, 0.00, 1.2, 60),
    Estate("Northgate", 3.45, 7.15, 0.84, 0.58, 12, "crescent", 52, 0.05, 0.9, 90),
    Estate("Fairmead", 5.95, 6.98, 1.18, 0.80, 12, "crescent", 50, -0.55, 1.1, 80),
    Estate("Eastmere", 6.85, 5.15, 0.80, 0.66, -35, "new", 58, -0.10, 0.8, 90),
    Estate("Cygnet Park", 7.95, 4.62, 0.52, 0.48, 20, "new", 60, -0.05, 0.5, 110),
    Estate("Thornhythe", 8.05, 6.30, 0.62, 0.50, 15, "crescent", 48, -0.05, 0.0, 120),
    Estate("Gorsey End", 0.95, 1.30, 0.68, 0.52, 8, "crescent", 52, -0.05, 0.8, 120),
    Estate("Brickfields", 5.75, 2.55, 0.62, 0.58, -30, "grid", 68, 0.25, 0.8, 70),
    Estate("Millholme", 3.75, 0.95, 0.82, 0.56, -6, "grid", 58, 0.10, 0.8, 110),
    Estate("Tern Hill", 5.45, 0.95, 0.80, 0.62, 25, "crescent", 50, -0.20, 1.0, 110),
    Estate("Kestrel Rise", 6.95, 1.55, 0.66, 0.46, -35, "new", 60, -0.10, 0.5, 110),
    Estate("Winstead", 2.12, 7.42, 0.26, 0.20, 10, "village", 36, -0.35, 0.6, 60),
    Estate("Pound Green", 1.75, 0.42, 0.26, 0.20, 40, "village", 36, -0.25, 0.5, 60),
    Estate("Sallow End", 7.55, 1.05, 0.26, 0.20, 0, "village", 36, -0.25, 0.4, 60),
    Estate("Nether Wick", 8.35, 3.55, 0.24, 0.20, 20, "village", 36, -0.10, 0.4, 60),
    Estate("Little Hythe", 8.75, 5.45, 0.24, 0.20, 70, "village", 36, -0.20, 0.0, 60),
    Estate("Church Hyde", 0.15, 2.75, 0.24, 0.20, 0, "village", 36, -0.30, 0.5, 60),
    Estate("Upper Thorn", 7.35, 7.25, 0.24, 0.19, 30, "village", 36, -0.30, 0.4, 60),
    Estate("Marsh Farm", 8.05, 2.05, 0.20, 0.16, 0, "village", 32, 0.00, 0.3, 60),
)


@dataclass(frozen=True)
class Open:
    """Open land as planned: park, marsh or woodland; x, y, width, depth in kilometres; turn in degrees."""

    kind: str
    name: str
    x: float
    y: float
    width: float
    depth: float
    turn: float


OPEN_LAND = (
    Open("park", "Castle Park", 3.35, 4.62, 0.22, 0.16, 20),
    Open("park", "Priory Gardens", 4.72, 5.70, 0.17, 0.26, 10),
    Open("park", "Jubilee Park", 3.10, 2.45, 0.30, 0.16, 30),
    Open("park", "Eastmere Country Park", 7.15, 5.80, 0.42, 0.17, -10),
    Open("park", "Recreation Ground", 4.60, 2.18, 0.28, 0.14, 10),
    Open("park", "Northgate Green", 3.75, 6.62, 0.26, 0.10, 0),
    Open("park", "Larkfield Rec", 2.95, 6.15, 0.12, 0.20, 20),
    Open("park", "Brook Meadows", 1.85, 4.35, 0.13, 0.36, 5),
    Open("park", "Fairmead Golf Course", 6.85, 7.45, 0.38, 0.24, 20),
    Open("park", "Kestrel Field", 6.30, 1.95, 0.22, 0.16, -30),
    Open("marsh", "Wick Marshes", 8.30, 2.75, 0.95, 0.38, -32),
    Open("marsh", "Saltings Marsh", 7.45, 2.72, 0.34, 0.24, -42),
    Open("marsh", "West Fen", 0.25, 5.55, 0.48, 0.22, -20),
    Open("marsh", "Dock Meadow", 5.72, 3.98, 0.15, 0.17, 0),
    Open("woodland", "Tern Wood", 4.75, 0.35, 0.30, 0.42, 10),
    Open("woodland", "Thorn Wood", 8.35, 7.00, 0.42, 0.22, -35),
    Open("woodland", "Leigh Copse", 0.35, 3.40, 0.22, 0.13, 20),
    Open("woodland", "Gorse Wood", 2.70, 0.45, 0.40, 0.20, 5),
    Open("woodland", "Oswin's Wood", 0.75, 7.35, 0.38, 0.18, 35),
    Open("woodland", "Hanger Wood", 6.35, 0.62, 0.20, 0.34, -15),
)

STATIONS = (("Marshwick", 4.3, 3.6), ("Leigh Halt", 1.7, 2.4))
HILLS = ((5.5, 0.85, 92.0, 0.62), (2.0, 7.3, 34.0, 1.1), (6.3, 7.5, 26.0, 1.2), (0.9, 2.9, 18.0, 0.9))

HOTSPOTS = ("Saltings", "Harrow Field", "Larkfield")
POORLY_SERVED = ("Saltings", "Harrow Field")
COLD_PATCH = "Fairmead"
LONE_HIGH = "The Limes"
UNSURVEYED = ("Thornhythe", "Little Hythe")
