"""Mechanisms for the voluntary part: teachers who wish to move exchange posts by a published rule.

Here live the mechanisms on an abstract market (``market``, ``accepting``, ``trading``, ``exchanging``, ``properties``),
the way from a rotation problem to such markets and back (``catalogue``, ``ordering``, ``permits``, ``applying``,
``voluntary``), one plan of both parts (``joining``) and the comparison with the optimiser (``judging``, ``comparing``).
The optimiser lives in ``solving``, the rules of a plan in ``checking``. No mechanism decides who may move: verdicts and
rules are those of the problem.
"""
