"""What Runbell knows without Django and without Celery: states, schedules, parameters, errors."""
