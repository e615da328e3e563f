"""The queue: Procrastinate, on PostgreSQL or on SQLite, with the rules that keep its jobs from being lost."""
