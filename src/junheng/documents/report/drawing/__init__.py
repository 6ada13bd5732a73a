"""The pictures of a plan as SVG, each with a title and an alternative in words. Nothing here computes a figure.

Every drawing takes a digest and a language and gives a :class:`~junheng.documents.report.drawing.ink.Picture`. Colours
are told apart by colour-blind readers and on a black-and-white printer; only notable schools are named.
"""
