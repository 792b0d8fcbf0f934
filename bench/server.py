"""A PostgreSQL of the benchmark's own that keeps what it has committed, as an office's server does."""

from typing import Any


def start_durable_server() -> str:
    """The server of the tests with durability switched on again; out: its address."""
    import psycopg

    from tests.postgresql import start_server

    address = start_server()
    with psycopg.connect(address, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = on")
        connection.execute("SELECT pg_reload_conf()")
    return address


def settings_of(address: str) -> str:
    """The server's settings that decide what a commit costs, for a note."""
    import psycopg

    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_sync_method")
    with psycopg.connect(address) as connection:
        said: list[Any] = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    return ", ".join(f"{name} {row[0]}" for name, row in zip(names, said, strict=True))


def new_database(address: str, name: str) -> str:
    """Makes an empty database; out: its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _, options = address.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{options}"
