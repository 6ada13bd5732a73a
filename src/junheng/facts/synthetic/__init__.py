"""A fictional county, complete and sound, from a seed.

Nothing in it is real: names are put together at random, area codes and school codes do not exist. Its figures follow
the means of China's counties in 2023-2024, and it leaves planning something to improve: rural schools are small, older
and short of backbone, PE and arts teachers.
"""

from junheng.facts.synthetic.counties import make_county, make_small_county

__all__ = ["make_county", "make_small_county"]
