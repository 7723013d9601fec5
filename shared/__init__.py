"""What both services stand on: the domain, the store, the operations."""
