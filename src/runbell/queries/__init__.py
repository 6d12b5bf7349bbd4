"""The only reader of the models."""
