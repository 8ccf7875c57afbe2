"""PESQ (wideband, ITU-T P.862.2) and ESTOI of the sounds that list.json of a folder names: python measure.py FOLDER

Reads [{"original": file, "estimate": file, ...}, ...], float WAV at 16 kHz; prints the same with "PESQ" and "ESTOI". An
estimate in which PESQ finds no utterance has null.
"""

import json
import os
import sys
from multiprocessing import Pool

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from pesq import NoUtterancesError, pesq  # noqa: E402
from pystoi import stoi  # noqa: E402
from scipy.io import wavfile  # noqa: E402

FOLDER = sys.argv[1]


def samples(name):
    rate, data = wavfile.read(os.path.join(FOLDER, name))
    if rate != 16000:
        raise ValueError(f"{name}: expected 16000 Hz, got {rate}")
    return data


def measure(row):
    original, estimate = samples(row["original"]), samples(row["estimate"])
    try:
        quality = float(pesq(16000, original, estimate, "wb"))
    except NoUtterancesError:
        quality = None
    return {**row, "PESQ": quality, "ESTOI": float(stoi(original, estimate, 16000, extended=True))}


if __name__ == "__main__":
    with open(os.path.join(FOLDER, "list.json")) as file:
        rows = json.load(file)
    with Pool() as pool:
        json.dump(pool.map(measure, rows, chunksize=4), sys.stdout)
