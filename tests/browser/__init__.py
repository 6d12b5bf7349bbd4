"""The console in a real browser, against a real web process and a real worker: one file a story."""
