"""The ten scheduled tasks, and the measuring that two of them do."""
