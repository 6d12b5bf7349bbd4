"""What can be done: one verb a file, each with its permission, its change and its audit entry."""
