"""The way to a service's permission page and back, and what the fan then completes. Waits hold no thread."""
