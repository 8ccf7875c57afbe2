"""A peer in Python: a JSON request a line on standard input, a JSON reply a line on standard output.

    python serve.py torchaudio_calls|librosa_calls ...

{"call": name, "args": {...}, "save": file} calls a function of those modules; an argument {"array": name} stands for an
array that {"put": name, "file": file, "shape": [...]} has brought in, float32. A function gives milliseconds of the work
alone, its result, which is written to `save` where that is asked for, and what else there is to say.
"""

import importlib
import json
import os
import resource
import sys
import warnings

import numpy as np

STATUS = "/proc/self/status"
warnings.filterwarnings("ignore")
replies, sys.stdout = sys.stdout, sys.stderr
calls, arrays = {}, {}


def peak():
    """The most memory that this process has had, in bytes."""
    if not os.path.exists(STATUS):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes
    with open(STATUS) as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) * 1024


def answer(request):
    if "put" in request:
        arrays[request["put"]] = np.fromfile(request["file"], np.float32).reshape(request["shape"])
        return {}
    if "drop" in request:
        arrays.pop(request["drop"], None)
        return {}
    if request["call"] == "peak":
        return {"bytes": peak()}
    given = {
        name: arrays[value["array"]] if isinstance(value, dict) and "array" in value else value
        for name, value in request.get("args", {}).items()
    }
    ms, result, more = calls[request["call"]](**given)
    if "save" in request:
        np.ascontiguousarray(result, np.float32).tofile(request["save"])
    return {"ms": ms, "shape": list(np.shape(result)), **more}


for module in sys.argv[1:]:
    calls.update(importlib.import_module(module).CALLS)
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # the other side says what was asked
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), file=replies, flush=True)
