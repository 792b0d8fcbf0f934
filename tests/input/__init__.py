"""Bad requests at every address and every form of the product: `python -m tests.input`.

`scene` is an office in which every address has something to show, `finding` reads the addresses from the resolver and
the forms from the pages, `values` and `spoiling` make bad requests of good ones, `asking` sends them through the door
that the web server uses, `judging` looks at what the database holds afterwards.
"""
