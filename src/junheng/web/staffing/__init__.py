"""PEOPLE AND POSTS: teachers, schools, posts and establishment; the way of the workbook in and out."""
