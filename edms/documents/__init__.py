"""Controlled documents: their life cycle, their files, their dates."""
