"""The interchange files of a rotation problem: read and written, every fault named at once."""

from junheng.planning.interchange.faults import Fault, InterchangeError
from junheng.planning.interchange.folder import read_plan, read_problem, write_plan, write_problem

__all__ = ["Fault", "InterchangeError", "read_plan", "read_problem", "write_plan", "write_problem"]
