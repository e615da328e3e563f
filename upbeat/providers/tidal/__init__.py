"""TIDAL. What is known of it, and since when, stands in FACTS.md."""
