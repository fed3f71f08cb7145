"""The register of community assets."""
