"""What one run waits for: one rule a file, and ``sentence`` which asks them in turn."""
