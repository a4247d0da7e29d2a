"""What an operator watches: /healthz, /metrics and the logs."""
