"""An app whose tasks have one place each: one waits in line for it, of the other the newest run gets it."""
