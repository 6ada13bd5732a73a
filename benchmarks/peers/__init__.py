"""Other ways to make the same plan, written plainly, to be measured beside ours. None is used by the product."""
