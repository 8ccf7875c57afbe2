"""Milliseconds of a call, and its result."""

import time


def timed(run):
    start = time.perf_counter()
    result = run()
    return (time.perf_counter() - start) * 1e3, result
