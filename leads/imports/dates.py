"""The ways in which other systems write a moment. Pure."""

#: As people say it → the pieces of it. ``hh`` are hours of a day of 24, ``h … am`` of a clock of 12.
FORMATS: tuple[str, ...] = (
    "iso",
    "yyyy-mm-dd hh:mm:ss",
    "yyyy-mm-dd hh:mm",
    "yyyy-mm-dd",
    "dd/mm/yyyy hh:mm:ss",
    "dd/mm/yyyy hh:mm",
    "dd/mm/yyyy",
    "mm/dd/yyyy hh:mm:ss",
    "mm/dd/yyyy hh:mm",
    "mm/dd/yyyy h:mm am",
    "mm/dd/yyyy",
    "dd mon, yyyy hh:mm:ss",
    "unix seconds",
)
