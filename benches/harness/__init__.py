"""What every job shares: the manifest, the data, the core, rounds, noise, rows and tables."""
