"""Whether an error means that Postgres is away or overloaded just now, rather than that we asked something wrong."""

import asyncpg

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the server said goodbye on an idle connection just as it was taken from the pool
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement timeout
    asyncpg.InsufficientResourcesError,  # too many connections, disk or memory full
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, while roles change
    asyncpg.InvalidCatalogNameError,  # a restore puts another database under this name
    asyncpg.ObjectNotInPrerequisiteStateError,  # … and until then this one takes no connections
)


def is_outage(error: BaseException) -> bool:
    """Whether the same call may well succeed a moment later. Nothing of its transaction was kept."""
    if isinstance(error, OSError):  # refused, reset, no route, too late; but a file that is missing stays missing
        return error.filename is None
    if isinstance(error, _PASSING):
        return True
    # asyncpg says only in words that a connection of the pool was closed under us.
    return isinstance(error, asyncpg.InterfaceError) and "closed" in str(error)
