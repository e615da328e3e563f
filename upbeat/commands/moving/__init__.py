"""An embedded installation moves from SQLite to PostgreSQL: everything arrives, or nothing has changed."""
