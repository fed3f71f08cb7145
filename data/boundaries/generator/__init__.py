"""Marshwick: a fictional new town, drawn by a seeded generator.

The town stands in the open sea off Essex, about easting 640000 and northing 190000 (EPSG:27700), so that it
can never be mistaken for a real place. Its codes (X00..., X01..., X02..., X05..., X07...) and postcodes
(ZZ1 1AA to ZZ9) are in no register. Run it from the root of the checkout:

    python -m data.boundaries.generator

The same seed writes the same bytes.
"""
