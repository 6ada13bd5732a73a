"""The demo: a fictional county, a second one beside it, an account for each role, the same for the same seed."""

from junheng.web.directory.demo import DEMO_PASSWORD as PASSWORD
from junheng.web.reporting.demo.preparing import Accounts, NotADemoError, Prepared, Size, prepare

__all__ = ["PASSWORD", "Accounts", "NotADemoError", "Prepared", "Size", "prepare"]
