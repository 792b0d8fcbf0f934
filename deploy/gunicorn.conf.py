"""gunicorn for one office: `gunicorn --config deploy/gunicorn.conf.py crm.wsgi`."""

import os
from typing import Any

bind = "127.0.0.1:8000"
worker_class = "gthread"
# The PostgreSQL pool is per worker: workers × DATABASE_POOL_MAX must stay below the server's max_connections.
workers = 2
# Boards ask for news every four seconds. With places for hints they are told instead, and a colleague's move arrives
# within a second or two: as many places in each process as boards are open at once (LIVE_HINTS=100 in the environment
# of this command, not in .env). A connected board holds a thread that sleeps; those for requests come on top of them,
# so that hints can never take one away.
hints = int(os.environ.get("LIVE_HINTS") or 0)
threads = 8 + hints
raw_env = [f"LIVE_HINTS={hints}"]
timeout = 60
# Beginning anew now and then gives back memory; the jitter keeps the workers from doing it together.
max_requests = 5000
max_requests_jitter = 500
# The product is read once and shared: a process that takes another's place answers at once, without seconds of loading
# during which people wait, and holds in memory only what differs. New code needs a restart; a reload is not enough.
preload_app = True
# No access log: its lines hold what people searched for, which is names and phone numbers.
accesslog = None
# systemd starts and stops the workers; a second way to steer them is a second door.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Connected boards let go of a worker that is to end, which otherwise waits for them."""
    from leads.board.hints import hints as connected

    connected.is_ending = lambda: not worker.alive


def post_fork(server: Any, worker: Any) -> None:
    """What gunicorn refuses by itself carries our headers; neither that nor its log quotes what was sent."""
    from gunicorn import util

    from crm.refusals import take_over

    take_over(util, worker.log.error_log)
