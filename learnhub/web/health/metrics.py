"""Counters and timings of requests in Prometheus' text format; each worker process keeps its own."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

registry = CollectorRegistry()
requests = Counter("learnhub_requests", "Requests answered", ["endpoint", "method", "status"], registry=registry)
seconds = Histogram(
    "learnhub_request_seconds",
    "Time from the first handler to the answer",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)


def init_app(app: Flask) -> None:
    """Count and time every request by endpoint, never by address, so that no name gets into a label."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, request.method, response.status_code).inc()
        if "started" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.started)
        return response


def text() -> bytes:
    """All figures as text."""
    return generate_latest(registry)
