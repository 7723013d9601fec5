"""What a new standalone system begins with."""

from services.standalone.state import Login
from shared.settings import Settings


async def make_first_city(_settings: Settings) -> list[Login]:
    """Fill a freshly migrated database; returns who may log in."""
    return []
