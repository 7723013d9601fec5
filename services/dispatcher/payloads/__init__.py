"""What the API reads and writes, as pydantic models; one module per feature."""
