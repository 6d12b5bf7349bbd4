"""What people would use instead, each installed from the package index into an environment of its own."""
