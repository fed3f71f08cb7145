"""Space: places, boundaries, neighbours, rates, hotspots, geocoding and export."""
