"""Work that a person has to do on a document by a date."""
