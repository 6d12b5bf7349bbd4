"""What is broken, the evidence and the mend: one rule a file."""
