"""The tally: how many leads stood where at a place in the log, so that a board need not count them all anew.

Only a cache, and nobody's source: `lifecycle.tally` corrects it by what the log says since, in the same statement, so
a board is right however old it is; `verify_log` compares it with a plain count, and `rebuild_cache` makes it anew.
Written by ``lifecycle.service.tallying`` alone, beside the writers of the log, who neither know nor wait for it.

A holder is the database id of an agent, 0 the pool. No keys to other tables: nothing here keeps a row of them alive.
"""

from typing import ClassVar

from django.db import models

#: The number that stands for "nobody holds it": a column without a blank can be unique with others.
POOL = 0


class TallyMark(models.Model):
    """One row: up to which fact the tally is right. Every fact up to ``upto`` is in it; later ones may be.

    ``upto`` is null while there is none, or while it is being made: ``begun_at`` is then the fact up to which it will
    be right, and ``done_to`` the lead up to which places are written down.
    """

    ONLY: ClassVar[int] = 1

    upto = models.BigIntegerField(null=True)
    begun_at = models.BigIntegerField(null=True)
    done_to = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"up to {self.upto}"


class TallyPlace(models.Model):
    """Where the tally has a lead: what is to be taken off when the lead has gone elsewhere.

    ``way`` is the lead's provenance while it stands in QUALIFIED, else ``""``; ``day`` the day in UTC on which it came
    into a stage that is worked, null in the others, whose age nobody asks for.
    """

    lead = models.BigIntegerField(primary_key=True)
    holder = models.BigIntegerField()
    status = models.CharField(max_length=16)
    way = models.CharField(max_length=24)
    day = models.DateField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lead}: {self.status}"


class Tally(models.Model):
    """How many leads a holder has in a stage, in QUALIFIED by the way on which they came there."""

    holder = models.BigIntegerField()
    status = models.CharField(max_length=16)
    way = models.CharField(max_length=24)
    leads = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["holder", "status", "way"], name="tally_cell")]

    def __str__(self) -> str:
        return f"{self.holder}, {self.status}: {self.leads}"


class TallyDay(models.Model):
    """How many leads of the whole office came into the stage in which they stand on a day, in UTC."""

    status = models.CharField(max_length=16)
    day = models.DateField()
    leads = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["status", "day"], name="tally_day_cell")]

    def __str__(self) -> str:
        return f"{self.status}, {self.day}: {self.leads}"
