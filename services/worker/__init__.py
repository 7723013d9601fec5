"""The worker: jobs in, rows out."""
