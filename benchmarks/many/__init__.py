"""An application with many tasks."""
