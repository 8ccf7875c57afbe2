"""librosa's and NumPy's ways back from bands, on a bank [bands, bins] that is handed in."""

import librosa
import numpy as np
import scipy
import threadpoolctl
from timed import timed


def nnls(bank, bands):
    ms, result = timed(lambda: librosa.util.nnls(bank, bands))
    return ms, result, {}


def pseudo_inverse(bank, bands):
    """max(0, pinv(bank) bands), the pseudo-inverse made anew as a caller's first call does."""
    ms, result = timed(lambda: np.maximum(0, np.linalg.pinv(bank) @ bands))
    return ms, result, {}


def pseudo_inverse_kept(bank, bands):
    """The same with the pseudo-inverse there already."""
    inverse = np.linalg.pinv(bank)
    ms, result = timed(lambda: np.maximum(0, inverse @ bands))
    return ms, result, {}


def spectrogram(waveform, n_fft, hop_length):
    ms, result = timed(
        lambda: np.abs(librosa.stft(waveform, n_fft=n_fft, hop_length=hop_length, pad_mode="reflect")) ** 2
    )
    return ms, result, {}


def griffin_lim(magnitudes, n_fft, hop_length, n_iter, length, seed=0):
    ms, result = timed(
        lambda: librosa.griffinlim(
            magnitudes, n_iter=n_iter, n_fft=n_fft, hop_length=hop_length, length=length, random_state=seed
        )
    )
    return ms, result, {}


def threads(count):
    threadpoolctl.threadpool_limits(count)
    return 0, [], {}


def warm_up():
    """librosa imports what it needs when it needs it, and compiles some of it."""
    nnls(np.eye(4, 9, dtype=np.float32), np.ones((4, 2), np.float32))
    griffin_lim(np.ones((9, 8), np.float32), n_fft=16, hop_length=4, n_iter=1, length=28)
    return 0, [], {}


def facts():
    pools = threadpoolctl.threadpool_info()
    return 0, [], {
        "versions": {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "kernels": sorted(
            {f"{p['internal_api']} {p['version']} {p.get('architecture', '')}".strip() for p in pools if p["user_api"] == "blas"}
        ),
    }


CALLS = {
    "librosa.nnls": nnls,
    "librosa.pseudo_inverse": pseudo_inverse,
    "librosa.pseudo_inverse_kept": pseudo_inverse_kept,
    "librosa.spectrogram": spectrogram,
    "librosa.griffin_lim": griffin_lim,
    "librosa.threads": threads,
    "librosa.warm_up": warm_up,
    "librosa.facts": facts,
}
