"""The Celery worker: jobs by name, each a use case of the domain."""
