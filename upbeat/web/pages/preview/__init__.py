"""A look at every fan page with invented data, and the covers drawn for it."""
