"""A guitar: plucked strings by the algorithm of Karplus and Strong, in plain Python.

K. Karplus, A. Strong, "Digital Synthesis of Plucked-String and Drum Timbres", Computer Music
Journal 7(2), 1983; tuned by an all-pass, darker when plucked softly and combed by the place of the
pick as in D. Jaffe, J. Smith, "Extensions of the Karplus-Strong Plucked-String Algorithm", the
same issue.
"""

import random

RATE = 48_000
BEAT = 0.24  # seconds

# A lick in A minor: (beat, MIDI notes, beats, strength). Notes of a chord follow each other by a
# few milliseconds, as a pick strikes them.
LICK = [
    (0.0, (45, 52, 57), 3.0, 0.9),
    (3.0, (57,), 1.0, 0.6),
    (4.0, (60,), 1.0, 0.7),
    (5.0, (62,), 0.5, 0.8),
    (5.5, (63,), 0.5, 0.8),
    (6.0, (64,), 1.5, 1.0),
    (7.5, (67,), 0.5, 0.7),
    (8.0, (69,), 2.0, 1.0),
    (10.0, (67,), 0.5, 0.6),
    (10.5, (64,), 0.5, 0.5),
    (11.0, (62,), 0.5, 0.4),
    (11.5, (60,), 0.5, 0.3),
    (12.0, (43, 50, 55), 2.0, 0.8),
    (14.0, (41, 48, 53), 2.0, 0.9),
    (16.0, (45, 52, 57, 60, 64), 8.0, 1.0),
]


def frequency(note):
    """Of a MIDI note, in Hz."""
    return 440.0 * 2.0 ** ((note - 69) / 12)


def pluck(note, seconds, strength, chance, muted=False):
    """A string that is plucked once and damped at the end; a list of samples."""
    period = RATE / frequency(note) - 0.5  # the mean of two samples lags by half of one
    whole = int(period - 0.2)
    fraction = period - whole
    all_pass = (1 - fraction) / (1 + fraction)
    decay = 10 ** (-3 / (frequency(note) * (0.35 if muted else 4.0)))

    darkness = 0.85 - 0.6 * strength
    noise, level = [], 0.0
    for _ in range(whole):
        level += (1 - darkness) * (chance.uniform(-1, 1) - level)
        noise.append(level)
    pick = max(1, int(whole * chance.uniform(0.1, 0.25)))
    line = [noise[i] - 0.9 * noise[i - pick] for i in range(whole)]
    mean = sum(line) / whole
    loudest = max(abs(value - mean) for value in line)
    line = [strength * (value - mean) / loudest for value in line]

    out = []
    at = 0
    last = last_mean = tuned = 0.0
    samples = int(seconds * RATE)
    for _ in range(samples):
        sample = line[at]
        out.append(sample)
        mean = 0.5 * decay * (sample + last)
        tuned = all_pass * (mean - tuned) + last_mean
        last, last_mean = sample, mean
        line[at] = tuned
        at = at + 1 if at + 1 < whole else 0
    fade = min(samples, RATE // 50)
    for i in range(fade):
        out[samples - 1 - i] *= i / fade
    return out


def play(notes, seconds, chance, level=0.8):
    """(beat, MIDI notes, beats, strength[, muted]) as samples, their largest `level`."""
    mix = [0.0] * int(seconds * RATE)
    for beat, chord, beats, strength, *muted in notes:
        for number, note in enumerate(chord):
            start = int((beat * BEAT + 0.05 + number * chance.uniform(0.004, 0.012)) * RATE)
            length = min(beats * BEAT, seconds - start / RATE)
            if length < 0.02:
                continue
            for i, sample in enumerate(pluck(note, length, strength, chance, *muted), start):
                mix[i] += sample
    pickup = loudest = 0.0
    for i, sample in enumerate(mix):
        pickup += 0.4 * (sample - pickup)
        mix[i] = pickup
        loudest = max(loudest, abs(pickup))
    return [sample * level / loudest for sample in mix]


def lick(seconds):
    """The lick, from its start."""
    return play(LICK, seconds, random.Random(1))


def improvised(seconds, chance):
    """Something that a guitarist might play to try an amplifier: runs, chords, muted strings."""
    notes = []
    beat = 0.0
    while beat * BEAT < seconds:
        kind = chance.random()
        strength = chance.uniform(0.15, 1.0)
        root = chance.randint(40, 57)
        if kind < 0.35:
            for _ in range(chance.randint(2, 5)):
                beats = chance.choice([0.5, 0.5, 1.0])
                notes.append((beat, (root + chance.choice([0, 3, 5, 7, 10, 12, 15, 19]),), beats,
                              strength))
                beat += beats
        elif kind < 0.55:
            for _ in range(chance.randint(2, 6)):
                notes.append((beat, (root, root + 7), 0.5, strength, True))
                beat += 0.5
        elif kind < 0.9:
            chord = chance.choice([(0, 7, 12), (0, 7, 12, 16, 19), (0, 7, 12, 15, 19), (0, 5, 9)])
            beats = chance.choice([1.0, 2.0, 4.0])
            notes.append((beat, tuple(root + each for each in chord), beats, strength))
            beat += beats
        else:
            beat += chance.choice([0.5, 1.0])
    return play(notes, seconds, chance, chance.uniform(0.15, 1.0))
