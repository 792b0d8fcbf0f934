"""Demo data: one invented office, its people and nine months of their leads.

``build_plan`` (plan.py) is pure and says what happened when; ``seed`` (seed.py) plays it through the one door.
"""
