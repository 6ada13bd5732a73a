"""Junheng 均衡: plans, runs and proves a county's teacher rotation and exchange programme.

The layers, each seeing only those after it: cli · documents · planning · policy, indicators · facts.
"""

__version__ = "0.1.0"
