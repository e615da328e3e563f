"""The fan's pages: from the rows to what a page shows."""
