"""Business verbs: load, decide, save, in one transaction."""
