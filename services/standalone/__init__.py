"""A whole system by one command, without Docker: embedded Postgres and Valkey, the dispatcher and a worker."""
