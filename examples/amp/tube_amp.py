"""A guitar amplifier as formulas: two stages of a 12AX7 double triode.

The current of a triode is that of N. Koren, "Improved vacuum tube models for SPICE simulations",
Glass Audio 8(5), 1996, with his constants for the 12AX7 and his resistance of a conducting grid.
Around each triode are the parts of an ordinary guitar amplifier: load, cathode resistor and
capacitor, coupling capacitor and grid leak. Their voltages are integrated with four steps a sample.

    guitar -> triode -> coupling capacitor, gain -> grid stopper -> triode
           -> coupling capacitor -> a low-pass for tone control and loudspeaker

The formulas take `exp`, `log1p` and `sqrt` from a module: `math` for one signal (a list of
numbers), NumPy for many at once (rows of an array: a sample of each).
"""

import itertools
import math
import operator
from collections import deque

RATE = 48_000
STEPS = 4  # a sample
STEP = 1 / (RATE * STEPS)  # seconds

# 12AX7, by Koren
MU, EXPONENT, KG1, KP, KVB = 100.0, 1.4, 1060.0, 600.0, 300.0
GRID_RESISTANCE = 2e3  # of a grid above its cathode

SUPPLY = 280.0  # volts
LOAD = 100e3  # ohms
CATHODE_RESISTANCE = 2.7e3, 1.8e3
CATHODE_CAPACITANCE = 0.68e-6, 0.68e-6  # farads
COUPLING = 4.7e-9
GRID_LEAK = 470e3
GRID_STOPPER = 220e3
GAIN = 0.15  # of the potentiometer between the stages
SPEAKER_HZ = 5_000.0
OUTPUT = 1 / 160  # full scale for one volt at the second plate

TAPS = 8  # of the interpolation, a step
DELAY = TAPS - 1  # samples, of both filters together


def sinc_filter():
    """A low-pass at half the sample rate, for signals with STEPS steps a sample."""
    taps = []
    for i in range(TAPS * STEPS):
        x = (i - (TAPS * STEPS - 1) / 2) / STEPS
        window = 0.5 + 0.5 * math.cos(2 * math.pi * x / TAPS)
        taps.append(window * math.sin(math.pi * x) / (math.pi * x))
    whole = sum(taps)
    return [tap / whole for tap in taps]


def triode_current(m, grid, plate):
    """Amperes, and their derivative by the plate's voltage; both voltages against the cathode."""
    root = m.sqrt(KVB + plate * plate)
    power = m.exp(KP * (1 / MU + grid / root))
    soft = m.log1p(power)
    e1 = plate / KP * soft
    slope = soft / KP - plate * plate * grid * power / ((1 + power) * root**3)
    factor = 2 / KG1 * e1 ** (EXPONENT - 1)
    return factor * e1, EXPONENT * factor * slope


class Stage:
    """A triode with its load and its cathode's resistor and capacitor."""

    def __init__(self, m, number):
        self.m = m
        self.resistance = CATHODE_RESISTANCE[number]
        self.rate = STEP / CATHODE_CAPACITANCE[number]
        low, high = 0.0, SUPPLY / (LOAD + self.resistance)
        for _ in range(60):  # the current at rest, where the triode carries what its load lets pass
            current = (low + high) / 2
            self.cathode = current * self.resistance
            self.plate = SUPPLY - current * LOAD - self.cathode
            if triode_current(math, -self.cathode, self.plate)[0] > current:
                low = current
            else:
                high = current

    def step(self, grid):
        """The plate's voltage for that of the grid, both against ground."""
        for _ in range(2):  # Newton's method, from the voltage of the last step
            current, slope = triode_current(self.m, grid - self.cathode, self.plate)
            missing = SUPPLY - self.cathode - self.plate - LOAD * current
            self.plate = self.plate + missing / (1 + LOAD * slope)
        current = (SUPPLY - self.cathode - self.plate) / LOAD
        plate = self.plate + self.cathode
        self.cathode = self.cathode + self.rate * (current - self.cathode / self.resistance)
        return plate


class Amplifier:
    """Keeps its voltages from call to call; starts at rest."""

    def __init__(self, m=math):
        self.m = m
        self.first, self.second = Stage(m, 0), Stage(m, 1)
        self.between = self.first.plate + self.first.cathode  # on the coupling capacitors
        self.behind = self.second.plate + self.second.cathode
        self.tone = 0.0

    def step(self, volts):
        m = self.m
        leak = self.first.step(volts) - self.between
        pot = GAIN * leak
        # A grid above its cathode conducts, softly at first, and charges the capacitor.
        above = 0.1 * m.log1p(m.exp((pot - self.second.cathode) * 10))
        grid_current = above / (GRID_STOPPER + GRID_RESISTANCE)
        self.between = self.between + STEP / COUPLING * (leak / GRID_LEAK + grid_current)
        plate = self.second.step(pot - grid_current * GRID_STOPPER)
        out = plate - self.behind
        self.behind = self.behind + STEP / (COUPLING * GRID_LEAK) * out
        self.tone = self.tone + (1 - math.exp(-2 * math.pi * SPEAKER_HZ * STEP)) * (out - self.tone)
        return -OUTPUT * self.tone

    def __call__(self, samples):
        """What the amplifier makes of samples (1.0 is a volt), without the filters' delay."""
        low_pass = sinc_filter()
        phases = [[STEPS * tap for tap in low_pass[phase::STEPS]] for phase in range(STEPS)]
        before = deque([0.0] * TAPS, TAPS)
        after = deque([0.0] * (TAPS * STEPS), TAPS * STEPS)
        out = []
        for sample in itertools.chain(samples, [0.0] * DELAY):
            before.appendleft(sample)
            for phase in phases:
                after.appendleft(self.step(sum(map(operator.mul, phase, before))))
            out.append(sum(map(operator.mul, low_pass, after)))
        return out[DELAY:]
