"""What tests and benchmarks share: real servers, real processes, waiting for conditions."""
