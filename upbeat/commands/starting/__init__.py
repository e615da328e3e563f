"""What must hold before the product may run: a database that answers and is of this release, and the right keys."""
