"""SQL: one function is one statement, the connection comes first."""
