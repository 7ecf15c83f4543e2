"""Expected requests that were nearly made, and how a failed verification shows them."""

BODY = '  actual   {"model":"M","serial_number":"S-1","nested":{"deep":[{"b":null}]}}'

PRINTED = [
    (
        'body={"alias": "x"}',
        'requests with body {"alias":"x"}: expected at least 1, found 0',
        ["/body/alias:", '  expected "x"', "  actual   nothing"],
    ),
    (
        'body={"nested": {"deep": [{"a": 1}, 2]}}',
        'requests with body {"nested":{"deep":[{"a":1},2]}}: expected at least 1, found 0',
        [
            "/body/nested/deep/0/a:",
            "  expected 1",
            "  actual   nothing",
            "/body/nested/deep:",
            "  expected 2",
            "  actual   nothing",
        ],
    ),
    (
        'body={"model": "M", "serial_number": "S-1", "nested": {"deep": []}}, exact=True',
        'requests with exactly body {"model":"M","serial_number":"S-1","nested":{"deep":[]}}: '
        "expected at least 1, found 0",
        ["/body/nested/deep/0:", "  expected nothing", '  actual   {"b":null}'],
    ),
    (
        'query={"page": "2", "limit": "5"}',
        'requests with query {"page":"2","limit":"5"}: expected at least 1, found 0',
        ["/query/page:", '  expected "2"', '  actual   "1"', "/query/limit:", '  expected "5"', "  actual   nothing"],
    ),
    (
        "query={}, exact=True",
        "requests with exactly query {}: expected at least 1, found 0",
        [
            "/query/page:",
            "  expected nothing",
            '  actual   "1"',
            "/query/a:",
            "  expected nothing",
            '  actual   ["1","2"]',
        ],
    ),
    (
        'headers=["X-Trace"]',
        'requests with headers ["X-Trace"]: expected at least 1, found 0',
        ["/headers:", '  expected "X-Trace"', '  actual   ["content-length","host","api_key"]'],
    ),
    ('body=["a"]', 'requests with body ["a"]: expected at least 1, found 0', ["/body:", '  expected ["a"]', BODY]),
]
