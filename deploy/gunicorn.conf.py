"""gunicorn for one office: `gunicorn --config deploy/gunicorn.conf.py crm.wsgi`."""

bind = "127.0.0.1:8000"
worker_class = "gthread"
# The PostgreSQL pool is per worker: workers × DATABASE_POOL_MAX must stay below the server's max_connections.
workers = 2
threads = 8
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
