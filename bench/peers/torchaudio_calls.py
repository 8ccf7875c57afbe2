"""torchaudio's own classes, each made before the clock starts and called on tensors that are there."""

import time

import numpy as np
import torch
import torchaudio
import torchaudio.prototype.functional as bark_functional
import torchaudio.prototype.transforms as bark
from timed import timed
from torch.optim.optimizer import register_optimizer_step_post_hook
from torchaudio.transforms import GriffinLim, InverseSpectrogram, Spectrogram


class LimitReached(Exception):
    pass


class Watch:
    """Counts the steps of torch.optim, keeps what is stepped, and ends a run that takes longer than `limit` seconds."""

    def __init__(self, limit):
        self.steps, self.state, self.end = 0, None, time.perf_counter() + limit

    def __call__(self, optimizer, *_):
        self.steps += 1
        if time.perf_counter() > self.end:
            self.state = optimizer.param_groups[0]["params"][0].detach().clamp(min=0)
            raise LimitReached


def solve(bands, seed=0, **options):
    """InverseBarkScale with the clock about the call alone."""
    inverse = bark.InverseBarkScale(**options)
    target = torch.from_numpy(bands)[None]
    torch.manual_seed(seed)
    ms, result = timed(lambda: inverse(target))
    return ms, result[0].numpy(), {}


def solve_watched(bands, limit, seed=0, **options):
    """The same, with its count of iterations; after `limit` seconds it is stopped as it stands."""
    inverse = bark.InverseBarkScale(**options)
    target = torch.from_numpy(bands)[None]
    torch.manual_seed(seed)
    watch = Watch(limit)
    handle = register_optimizer_step_post_hook(watch)
    start = time.perf_counter()
    try:
        result, stopped = inverse(target)[0], True
    except LimitReached:
        result, stopped = watch.state, False
    finally:
        ms = (time.perf_counter() - start) * 1e3
        handle.remove()
    return ms, result.reshape(result.shape[-2:]).numpy(), {"iterations": watch.steps, "isWhole": stopped}


def spectrogram(waveform, **options):
    transform = Spectrogram(**options)
    ms, result = timed(lambda: transform(torch.from_numpy(waveform)))
    return ms, result.numpy(), {}


def inverse_spectrogram(values, **options):
    transform = InverseSpectrogram(**options)
    complex_values = torch.view_as_complex(torch.from_numpy(values))
    ms, result = timed(lambda: transform(complex_values))
    return ms, result.numpy(), {}


def bark_scale(spectrogram, **options):
    transform = bark.BarkScale(**options)
    ms, result = timed(lambda: transform(torch.from_numpy(spectrogram)))
    return ms, result.numpy(), {}


def fbanks(**options):
    ms, result = timed(lambda: bark_functional.barkscale_fbanks(**options))
    return ms, result.numpy(), {}


def griffin_lim(spectrogram, seed=0, **options):
    transform = GriffinLim(**options)
    torch.manual_seed(seed)
    ms, result = timed(lambda: transform(torch.from_numpy(spectrogram)))
    return ms, result.numpy(), {}


def threads(count):
    torch.set_num_threads(count)
    return 0, [], {}


def warm_up():
    """What torch imports at the first step of an optimizer takes seconds."""
    solve(np.ones((4, 2), np.float32), n_stft=9, n_barks=4, max_iter=2)
    griffin_lim(np.ones((9, 8), np.float32), n_fft=16)
    return 0, [], {}


def facts():
    """Versions, and the MKL and the vector instructions in use."""
    info = [line.strip() for line in torch.__config__.parallel_info().splitlines()]
    mkl = next((line for line in info if line.startswith("Intel(R) oneAPI Math Kernel")), "no MKL")
    return 0, [], {
        "versions": {"torch": torch.__version__, "torchaudio": torchaudio.__version__},
        "blas": f"{mkl}; ATen for {torch.backends.cpu.get_cpu_capability()}",
    }


CALLS = {
    "torchaudio.solve": solve,
    "torchaudio.solve_watched": solve_watched,
    "torchaudio.spectrogram": spectrogram,
    "torchaudio.inverse_spectrogram": inverse_spectrogram,
    "torchaudio.bark_scale": bark_scale,
    "torchaudio.fbanks": fbanks,
    "torchaudio.griffin_lim": griffin_lim,
    "torchaudio.threads": threads,
    "torchaudio.warm_up": warm_up,
    "torchaudio.facts": facts,
}
