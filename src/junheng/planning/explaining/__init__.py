"""Why each teacher goes where he goes, or stays: in the clerk's words, with the figures behind them."""

from junheng.planning.explaining.reasons import Reason, WishAnswer, reasons_of

__all__ = ["Reason", "WishAnswer", "reasons_of"]
