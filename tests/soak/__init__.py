"""Work for many minutes while something is killed every few seconds, and count from outside what became of it."""
