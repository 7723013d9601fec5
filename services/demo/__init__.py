"""A district played through the API: its city, its coordinator, its phones, and the table at the end."""
