"""Tests of the reference project."""
