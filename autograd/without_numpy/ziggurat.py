"""The tables of the ziggurat from which NumPy draws normal numbers: 256 layers of equal area below exp(-x²/2).

Source: G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables", 2000.
"""

import math
from decimal import Decimal, localcontext
from functools import cache

__all__ = ["FIRST_X", "ziggurat"]

FIRST_X = 3.6541528853610088
"""Where the tail begins, below which the lowest layer lies."""

_LAYERS = 256
_STEPS = 2**52  # across a layer
_X = Decimal("3.6541528853610087963519472518")
_AREA = Decimal("0.0049286732339746553473617754")

# NumPy's tables were computed in double precision, so that rounding errors grew from layer to layer. These letters are
# the differences from the exact numbers in units in the last place: "w" and "d" are 0. A bit is 1 for a bound above.
_FIRST_DIFFERENCE = -61  # of the widths, of the uppermost layer
_OF_WIDTHS = (
    "m!eghhgjjppqrrrrrqrqpppppqqrqqprqqqqqprrstsrtssssssruttsstssttuuttststttuuvuutttuutttuuuuvuvvvvv"
    "uvvvvvuvvuuuuuuuuuvvvvvvvvwwvvvuvvvvuuuvvuuuttstttuuvuvvvvvvwwxwwvwwwwwwwwwxyyzzzyyxwwwwwwwwwwww"
    "wwwvvvvvuvuuuuuuvvvvwwvvwwwwvwwwwwwwwwwvwvvvvvvvwwxwxxxxxxwwwxxw"
)
_OF_HEIGHTS = (
    "ddddddddddddddddddddddddedddddddddddddeddddddddddddddddddddddddddddddedddddcdccddddddeddedcedded"
    "dddddddddddcdedddeddedddddedcedcddddcdddddedcddddcdeedeeeedeeeedcceececdcdedeeddccdccddddceddddd"
    "dccfebecbeccdcedfededccdeeeddccdedcdceeccdccdfeedceddbcggaccbccf"
)
_OF_BOUNDS = 0x3D5765D0E5C3B24ED56717E46560C9439290609472F005290ACC43889EB76FA5


@cache
def ziggurat() -> tuple[list[float], list[int], list[float]]:
    """Returns the width of a step of each layer, the steps that lie below the curve, and the height of the curve there.

    >>> widths, bounds, heights = ziggurat()
    >>> heights[0], bounds[1], widths[255] * 2**52 == FIRST_X
    (1.0, 0, True)
    """
    with localcontext() as context:
        context.prec = 30  # Python's decimal numbers are rounded correctly, alike on every machine
        x, height = [_X], [(-_X * _X / 2).exp()]
        for _ in range(_LAYERS - 2):
            x.append((-2 * (_AREA / x[-1] + height[-1]).ln()).sqrt())
            height.append((-x[-1] * x[-1] / 2).exp())
        exact = [_AREA / height[0], *reversed(x)]
        ends = [_moved(float(number), ord(letter) - ord("w")) for number, letter in zip(exact, _OF_WIDTHS, strict=True)]
        ends[1] = _moved(float(exact[1]), _FIRST_DIFFERENCE)
        given = list(map(Decimal, ends))
        curve = [(-number * number / 2).exp() for number in given]
        inner = [given[-1], Decimal(0), *given[1:-1]]
        bounds = [
            int(a / b * _STEPS) + (_OF_BOUNDS >> layer & 1)
            for layer, (a, b) in enumerate(zip(inner, given, strict=True))
        ]
    heights = [_moved(float(number), ord(letter) - ord("d")) for number, letter in zip(curve, _OF_HEIGHTS, strict=True)]
    return [end / _STEPS for end in ends], bounds, [1.0, *heights[1:]]


def _moved(number: float, places: int) -> float:
    """The float that lies some places above or below another."""
    return number + places * math.ulp(number)
