"""Tokens: random, handed out once, known to us only by their hash."""

import hashlib
import secrets


def new_token() -> str:
    """A fresh token of 256 random bits, safe in headers and URL fragments."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """What is stored of a token. One round of SHA-256 is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
