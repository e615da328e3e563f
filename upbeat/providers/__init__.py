"""SPEAKS: one folder per streaming service. aiohttp and core only, async only."""
