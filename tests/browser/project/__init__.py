"""The reference project with the tasks that the stories need, which no real project should have."""
