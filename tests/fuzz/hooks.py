"""What schemathesis is told about this API; loaded by scripts/fuzz-api.

The run must not end its own login: then the rest of it would be a run without one. What would
is left out here, by name, and `scripts/fuzz-api` asks after each mode whether the login still is.
"""

import os
from urllib.parse import parse_qsl, urlsplit

import schemathesis
import yaml
from schemathesis.core.media_types import YAML_MEDIA_TYPES

OWN_TOKENS = os.environ["WATCHKEEP_FUZZ_TOKENS"].split(",")


@schemathesis.hook
def filter_case(context, case):
    """Drops what would take the run's own tokens away."""
    return not (
        case.operation.path == "/api/v1/tokens/{name}"
        and case.method.upper() == "DELETE"
        and (case.path_parameters or {}).get("name") in OWN_TOKENS
    )


@schemathesis.deserializer(*YAML_MEDIA_TYPES)
def several_documents(_context, response):
    """YAML is text in the document; schemathesis itself reads one, and dies of a stream of them."""
    list(yaml.safe_load_all(response.content))
    return response.text


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what was taken, but is no value of a wrong type.

    In a form everything is text; and a parameter without a value (`offset=`) is one that was not
    given, as forms of browsers send it.
    """
    if failure.code != "ST201":
        return True
    is_form = case.media_type == "application/x-www-form-urlencoded"
    # As it was sent: what was generated may have been an empty list.
    sent = parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True)
    return not (is_form or any(value == "" for _, value in sent))


@schemathesis.check
def problems_are_ours(ctx, response, case):
    """What is refused is refused in words of ours: a problem with a code, never an empty body."""
    if response.status_code < 400 or case.method.upper() == "HEAD":
        return
    kind = response.headers.get("content-type", [""])[0].split(";")[0]
    if kind == "application/problem+json":
        problem = response.json()
        assert problem["code"].startswith("WK-"), f"no code: {problem}"
        assert problem["status"] == response.status_code, f"another status: {problem}"
        return
    passed = case.operation.path.startswith(("/prometheus/", "/alertmanager/", "/-/"))
    assert passed and response.content, f"{response.status_code} without a problem: {kind}"
