"""What each part of a year registers when the room is readied.

What its phases need, what happens when they turn, how far they are (:mod:`~junheng.web.rotation.cycle`); what waits for
people; who may have a file; what its actions are called in the trail; its background work. One module a part.
"""
