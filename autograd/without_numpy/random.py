"""Random numbers with the bits of NumPy's generators, from the same seeds.

Sources: M. E. O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms for random number
generation", 2014; "Random seed_seq entropy", 2015 (the seeds); J. K. Salmon et al., "Parallel random numbers: as easy
as 1, 2, 3", 2011 (Philox); G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables", 2000;
D. Lemire, "Fast random integer generation in an interval", 2019.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from autograd.without_numpy.arrays import asarray, ndarray
from autograd.without_numpy.ziggurat import FIRST_X, ziggurat

__all__ = ["Generator", "Philox", "default_rng"]

_INVERSE = 0.27366123732975828  # 1 / FIRST_X

_32 = 2**32 - 1
_64 = 2**64 - 1
_128 = 2**128 - 1


class _Bits(Protocol):
    def next64(self) -> int:
        """Returns the next 64 random bits."""


def _words(seed: int | Sequence[int]) -> list[int]:
    """A seed as words of 32 bits, those of least significance first."""
    if not isinstance(seed, int):
        return [word for part in seed for word in _words(int(part))]
    return [seed >> shift & _32 for shift in range(0, max(seed.bit_length(), 1), 32)]


def _hashed(constant: int, multiplier: int, words: Iterator[int]) -> Iterator[int]:
    """Each word, hashed in a way that differs from one to the next."""
    for word in words:
        word ^= constant
        constant = constant * multiplier & _32
        word = word * constant & _32
        yield word ^ word >> 16


def _seeded(seed: int | Sequence[int]) -> list[int]:
    """Eight words of 32 bits, all of which depend on each bit of a seed: what NumPy's `SeedSequence` generates."""
    entropy = _words(seed)
    pool = [0] * 4

    def sources() -> Iterator[int]:
        yield from (entropy + [0] * 4)[:4]
        for source in range(4):
            for _ in range(3):
                yield pool[source]
        for word in entropy[4:]:
            yield from [word] * 4

    hashed = _hashed(0x43B0D7E5, 0x931E8875, sources())
    for place in range(4):
        pool[place] = next(hashed)

    def mix(place: int) -> None:
        mixed = 0xCA01F9DD * pool[place] - 0x4973F715 * next(hashed) & _32
        pool[place] = mixed ^ mixed >> 16

    for source in range(4):
        for place in range(4):
            if place != source:
                mix(place)
    for _ in entropy[4:]:
        for place in range(4):
            mix(place)
    return list(_hashed(0x8B51F9DD, 0x58F38DED, iter(pool * 2)))


class PCG64:
    """The permuted congruential generator of 128 bits of state.

    Arguments:
        seed: a non-negative integer, or several.
    """

    def __init__(self, seed: int | Sequence[int]) -> None:
        words = _seeded(seed)
        high, low, more, less = (words[place] | words[place + 1] << 32 for place in range(0, 8, 2))
        self._increment = (more << 64 | less) << 1 & _128 | 1
        self._state = self._increment + (high << 64 | low) & _128
        self._step()

    def next64(self) -> int:
        """Returns the next 64 random bits."""
        self._step()
        folded, turns = (self._state >> 64 ^ self._state) & _64, self._state >> 122
        return (folded >> turns | folded << (64 - turns)) & _64

    def _step(self) -> None:
        self._state = self._state * 0x2360ED051FC65DA44385DF649FCCF645 + self._increment & _128


class Philox:
    """The counter-based generator that encrypts a counter of four words of 64 bits in ten rounds.

    Arguments:
        key: an integer of at most 128 bits.
        counter: four integers, the least significant first; the first numbers are those of the next counter.
    """

    def __init__(self, key: int, counter: Any) -> None:
        self._key = key
        self._counter = sum(int(word) << 64 * place for place, word in enumerate(asarray(counter).flat))
        self._made: list[int] = []

    def next64(self) -> int:
        """Returns the next 64 random bits."""
        if not self._made:
            self._counter = self._counter + 1 & 2**256 - 1
            self._made = self._encrypted()[::-1]
        return self._made.pop()

    def _encrypted(self) -> list[int]:
        a, b, c, d = (self._counter >> shift & _64 for shift in (0, 64, 128, 192))
        k, m = self._key & _64, self._key >> 64
        for _ in range(10):
            first, second = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
            a, b, c, d = second >> 64 ^ b ^ k, second & _64, first >> 64 ^ d ^ m, first & _64
            k, m = k + 0x9E3779B97F4A7C15 & _64, m + 0xBB67AE8584CAA73B & _64
        return [a, b, c, d]


class Generator:
    """Draws numbers from random bits.

    Arguments:
        bits: where the bits come from.
    """

    def __init__(self, bits: _Bits) -> None:
        self._bits = bits
        self._half: int | None = None  # of 64 bits, of which 32 are used

    def random(self, size: int | tuple[int, ...] | None = None) -> Any:
        """Returns numbers that are uniform in [0, 1)."""
        return self._drawn(self._uniform, size, float)

    def standard_normal(self, size: int | tuple[int, ...] | None = None) -> Any:
        """Returns numbers of the normal distribution of mean 0 and standard deviation 1."""
        return self._drawn(self._normal, size, float)

    def integers(self, low: int, high: int, size: int | tuple[int, ...] | None = None) -> Any:
        """Returns integers from `low` to `high` - 1, of which there must be fewer than 2**32."""
        return self._drawn(lambda: low + self._below(high - low), size, int)

    def permuted(self, given: ndarray, *, axis: int, out: ndarray) -> ndarray:
        """Puts the items of each row in random order; `given` must be `out`, of two axes, and `axis` 1."""
        for row in range(len(given)):
            items = given[row].tolist()
            for last in range(len(items) - 1, 0, -1):
                other = self._at_most(last)
                items[last], items[other] = items[other], items[last]
            out[row] = items
        return out

    def _drawn(self, draw: Any, size: int | tuple[int, ...] | None, dtype: type) -> Any:
        if size is None:
            return draw()
        shape = size if isinstance(size, tuple) else (size,)
        return ndarray(shape, [draw() for _ in range(math.prod(shape))], dtype)

    def _next32(self) -> int:
        if self._half is not None:
            half, self._half = self._half, None
            return half
        bits = self._bits.next64()
        self._half = bits >> 32
        return bits & _32

    def _uniform(self) -> float:
        return (self._bits.next64() >> 11) * 2.0**-53

    def _below(self, count: int) -> int:
        """An integer from 0 to `count` - 1, by Lemire's multiplication."""
        if count == 1:
            return 0
        scaled = self._next32() * count
        if scaled & _32 < count:
            while scaled & _32 < 2**32 % count:
                scaled = self._next32() * count
        return scaled >> 32

    def _at_most(self, largest: int) -> int:
        """An integer from 0 to `largest`: as many bits as that has, drawn again while they are too large."""
        mask = (1 << largest.bit_length()) - 1
        while True:
            drawn = self._next32() & mask
            if drawn <= largest:
                return drawn

    def _normal(self) -> float:
        """A number of the normal distribution, by the ziggurat of 256 layers."""
        widths, bounds, heights = ziggurat()
        while True:
            bits = self._bits.next64()
            layer, negative, distance = bits & 0xFF, bits >> 8 & 1, bits >> 9 & 2**52 - 1
            x = distance * widths[layer]
            x = -x if negative else x
            if distance < bounds[layer]:
                return x
            if layer == 0:
                while True:
                    beyond = -_INVERSE * math.log1p(-self._uniform())
                    height = -math.log1p(-self._uniform())
                    if height + height > beyond * beyond:
                        return -(FIRST_X + beyond) if distance >> 8 & 1 else FIRST_X + beyond
            elif (heights[layer - 1] - heights[layer]) * self._uniform() + heights[layer] < math.exp(-0.5 * x * x):
                return x


def default_rng(seed: int | Sequence[int]) -> Generator:
    """Returns a generator with a seed, a non-negative integer or several.

    >>> default_rng(0).random()
    0.6369616873214543
    """
    return Generator(PCG64(seed))
