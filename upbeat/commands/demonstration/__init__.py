"""The demonstration: product and sandbox side by side, and fans who come over HTTP like anybody else."""
