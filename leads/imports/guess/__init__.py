"""What a file of another system probably means. A person sees every guess and decides."""

from .columns import guess_columns
from .dates import DateGuess, guess_date_formats, guess_dates
from .owners import guess_owners
from .stages import guess_statuses

__all__ = ("DateGuess", "guess_columns", "guess_date_formats", "guess_dates", "guess_owners", "guess_statuses")
