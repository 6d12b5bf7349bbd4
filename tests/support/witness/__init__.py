"""Tasks that write their own executions into a file, past the ledger: the witness that tests of promises ask."""
