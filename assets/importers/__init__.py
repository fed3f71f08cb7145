"""Ways in: files of many shapes become assets, with a report a row."""
