"""The figures that a monitoring system collects from /metrics."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("heyu_messages_total", "Messages stored", ["sender", "type"])
TURN_SECONDS = Histogram(
    "heyu_turn_seconds",
    "Time the assistant took for one turn",
    buckets=(0.02, 0.04, 0.06, 0.08, 0.12, 0.2, 0.4, 0.8, 1.6, 3.2, 10, 30),
)
TURN_FAILURES = Counter("heyu_turn_failures_total", "Turns the assistant did not answer", ["healthy"])
GIVEN_UP = Counter("heyu_messages_given_up_total", "Messages marked failed after repeated failures")
SUPPRESSED = Counter("heyu_replies_suppressed_total", "Replies not sent because a human had taken over")
INBOX_DEPTH = Gauge("heyu_inbox_depth", "Inbox rows that wait for the assistant")
INBOX_AGE = Gauge("heyu_inbox_oldest_seconds", "How long the oldest waiting row has been waiting")
SOCKETS = Gauge("heyu_sockets", "Open customer sockets on this gateway")
HTTP_ERRORS = Counter("heyu_http_errors_total", "HTTP answers with an error", ["status", "code"])
JOBS = Counter("heyu_jobs_total", "Jobs finished", ["kind", "outcome"])
