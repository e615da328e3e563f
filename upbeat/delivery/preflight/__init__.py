"""The check before a release (PRODUCT §3.3): what it looks at, when it is made, and what becomes of it."""
