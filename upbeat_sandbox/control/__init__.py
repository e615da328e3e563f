"""The control API: JSON under `/_control`, for those who run a demo, a rehearsal or a test. README.md has examples."""
