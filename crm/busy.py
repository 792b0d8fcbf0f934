"""Tells a database that is busy or away, where trying again helps, from a full disk and from one that refused."""

import errno
import sqlite3

import psycopg
import psycopg_pool
from django.db import DatabaseError, InterfaceError

# Of PostgreSQL's error classes: 08 connection, 40 deadlock and serialisation, 53 out of resources (too many
# connections), 55P03 lock not available, 57 cancelled by a timeout or by a shutdown.
RETRY_STATES = ("08", "40", "53", "55P03", "57")
RETRY_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

# The disk has no room, or lets nothing be written: somebody has to make room before trying again helps.
FULL_STATE = "53100"
FULL_SQLITE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
FULL_FILES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_full(error: BaseException) -> bool:
    """Whether `error` says that a disk, the database's or that of uploaded files, has no room left."""
    cause = error.__cause__ or error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate == FULL_STATE
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in FULL_SQLITE
    return isinstance(error, OSError) and error.errno in FULL_FILES


def is_busy(error: BaseException) -> bool:
    """Whether `error` says that the database could not be asked now, so that trying again may work."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    cause = error.__cause__ or error
    if isinstance(cause, psycopg_pool.PoolTimeout | psycopg_pool.TooManyRequests | psycopg_pool.PoolClosed):
        return True
    if isinstance(cause, psycopg.Error):
        return _postgresql_busy(cause)
    if isinstance(cause, sqlite3.Error):
        # The low byte is the error, the rest says which kind of it.
        code = getattr(cause, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in RETRY_SQLITE
    return "database is locked" in str(error)


def _postgresql_busy(error: psycopg.Error) -> bool:
    if error.sqlstate is None:
        # No state means that no server answered: refused, lost, or closed under our feet.
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate.startswith(RETRY_STATES)
