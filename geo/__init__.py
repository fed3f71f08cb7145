"""Space: places, neighbours, rates, hotspots, rasters, geocoding and export.

Where to look, by what is asked:

- a place and its files: `place` (what it is), `request`, `placing` (adding one), `folder`, `assembly`, `findings`,
  `demo`; what is read: `boundaries`, `surroundings`, `tables`, `lookups`, `measures`, `postcodes`, `names`; what is
  checked: `crs`, `codes`, `vintage`
- finding something in it: `geocode` (text to a point), `gazetteer` (text to areas)
- neighbours: `neighbours` (the rules), `contiguity` (what touches), `adjacency` (a libpysal Graph as arrays)
- what may be tested: `rates`, `measured`; rasters: `raster` (the file), `surface` (its values over areas)
- hotspots: `hotspots` (z, p, q, cluster, status), `scores` (z), `moran` (the whole map), `multiplicity` (q),
  `stability`
- the exact law behind p: `exact`, over `cells` and `symmetric`; `enumeration` for tiny cases; `conditional` and
  `outliers` for what the grid alone cannot hold; `permutation` for unequal weights
- out of the house: `export`, `formats`, `format_limits`, `writers`, `codebook`, `provenance`, `qgis_style`, `replace`
- the analyst's direct tool: `analysis`, `intake`
"""
