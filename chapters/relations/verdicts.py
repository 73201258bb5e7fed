"""Every rule that computes a verdict, by claim."""

from . import verdicts_a, verdicts_b

RULES = verdicts_a.RULES | verdicts_b.RULES
