"""The gate: what comes from records of persons is counted, rounded and withheld here, and nowhere else."""
