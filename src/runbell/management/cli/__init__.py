"""The command line: one sub-command a file, what they share beside them."""
