"""Apple's open look-up: its catalogue without a credential."""
