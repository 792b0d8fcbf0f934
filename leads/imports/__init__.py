"""Leads come in from a file: read, understood, compared with what is here, written, and taken back when it was wrong.

A row's way: ``reading`` (bytes → cells) → ``row`` (cells → what the old system says) → ``finding`` (is this person here
already?) → ``running`` (whole rows in steps that can be carried on) → ``lifecycle.service.importing`` (facts).
"""
