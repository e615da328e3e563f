"""The sandbox's mail server: it takes every letter and shows it to whoever asks. Nothing leaves this machine."""
