"""A full office at work on the real server, for `bench/load.py`: its data, the server, the people, and who watches."""
