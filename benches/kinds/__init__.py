"""The kinds of jobs: each prepares data, the core and the peers of a job, and says what is compared."""
