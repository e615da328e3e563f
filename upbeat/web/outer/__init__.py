"""The outer app: a plain ASGI callable around Django."""
