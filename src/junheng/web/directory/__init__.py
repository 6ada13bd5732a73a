"""WHO IS WHO: bureau, clusters and schools as a tree, people's accounts, their roles and how far these reach."""
