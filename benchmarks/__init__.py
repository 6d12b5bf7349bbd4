"""What Runbell must reach, measured side by side with its peers on the same machine in the same run."""
