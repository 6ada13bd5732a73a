"""How a clerk chooses among plans: goals in an order, and the frontier between them.

Here live the readings of the goals (balance, standard, wishes, commute, extra moves) as weights of the one number J,
and the searches for weights. Solving is done by ``solving``, judging by ``checking``; words and tables are for the
layers above.
"""
