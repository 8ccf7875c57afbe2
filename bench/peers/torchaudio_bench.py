"""What torchaudio 2.8 takes for the same work as bench/run.mjs, on one thread.

    pip install torch==2.8.0 torchaudio==2.8.0        # in an environment outside the repository
    python bench/peers/torchaudio_bench.py
"""

import time
import warnings

import torch
import torchaudio.prototype.transforms as bark
from torchaudio.transforms import GriffinLim, InverseSpectrogram, Spectrogram

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def median(run, repeats=5):
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)[repeats // 2]


def iteration(frames, count=100):
    """Microseconds of an iteration: a run of `count` less the set-up."""
    bands = bark.BarkScale(n_stft=513)(torch.rand(513, frames)).contiguous()[None]

    def run(max_iter):
        inverse = bark.InverseBarkScale(513, max_iter=max_iter, tolerance_loss=0, tolerance_change=0)
        return median(lambda: inverse(bands))

    return (run(count) - run(0)) / count * 1e6


print(f"torch {torch.__version__}, one thread, {torch.backends.cpu.get_cpu_capability()}")
for frames in (400, 947):
    print(f"SGD iteration, {frames} frames, 513 bins, 128 bands: {iteration(frames):.0f} us")
transform, waveform = Spectrogram(1024), torch.rand(16000 * 30)
print(f"Spectrogram of 30 s, n_fft 1024, hop 512: {median(lambda: transform(waveform), 15) * 1e3:.1f} ms")
transform, spectrogram = bark.BarkScale(n_stft=513), torch.rand(513, 947)
print(f"BarkScale of 947 frames: {median(lambda: transform(spectrogram), 15) * 1e3:.1f} ms")
values = Spectrogram(1024, power=None)(waveform)
back = InverseSpectrogram(1024)
print(f"InverseSpectrogram of {values.shape[-1]} frames: {median(lambda: back(values), 15) * 1e3:.1f} ms")
for hop in (512, 256):
    power, transform = Spectrogram(1024, hop_length=hop)(waveform), GriffinLim(1024, hop_length=hop)
    print(f"GriffinLim, 32 iterations, {power.shape[-1]} frames: {median(lambda: transform(power)) * 1e3:.0f} ms")
