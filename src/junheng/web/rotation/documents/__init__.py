"""The room's papers, part by part; each module registers its own, see :mod:`junheng.web.rotation.papers`.

Papers are written in Chinese whatever language their reader has chosen.
"""
