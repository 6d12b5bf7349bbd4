"""An app with tasks that last, fail and are asked for again: what breaking real workers needs."""
