"""Mail to people: what it says, and that it leaves only after the commit."""
