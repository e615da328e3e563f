"""Upbeat: pre-saves and smart links that an artist runs on their own server."""

__version__ = "0.1.0"
