"""Wire types: what the API sends and takes, field by field, and how it is made from what the queries return."""
