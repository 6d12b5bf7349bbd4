"""The only writer of the models. Only actions call it."""
