"""The console's page: what Django serves around the built files of ``frontend/``."""
