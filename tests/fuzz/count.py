"""Counts the requests of a schemathesis run from its NDJSON events: one JSON line, as figures are."""

import collections
import json
import sys

events, mode, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
statuses, operations, lost = collections.Counter(), set(), 0
with open(events, encoding="utf-8") as lines:
    for line in lines:
        finished = json.loads(line).get("ScenarioFinished")
        if not finished:
            continue
        recorder = finished["recorder"]
        interactions = recorder.get("interactions", {})
        for interaction in interactions.values():
            answer = interaction["response"]
            if answer is None:
                lost += 1
                continue
            statuses[answer["status_code"]] += 1
        if interactions:
            operations.add(recorder["label"])
print(
    json.dumps(
        {
            "figure": "fuzzed_requests",
            "mode": mode,
            "value": sum(statuses.values()) + lost,
            "operations": len(operations),
            "server_errors": sum(n for status, n in statuses.items() if status >= 500),
            "unanswered": lost,
            "statuses": {str(status): n for status, n in sorted(statuses.items())},
            "seconds": round(seconds),
        },
        separators=(",", ":"),
    )
)
