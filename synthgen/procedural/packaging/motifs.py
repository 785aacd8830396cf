"""What packs show: each motif painted on a canvas (see artwork)."""

from __future__ import annotations

import numpy as np

from synthgen.procedural.packaging.artwork import Canvas, blob, color, leaf_shape, motif

_GREEN, _STEM = (0.22, 0.48, 0.13), (0.28, 0.2, 0.1)
_CREAM, _BROWN = (0.95, 0.89, 0.76), (0.33, 0.18, 0.09)


def _leaf(c: Canvas, x: float, y: float, length: float, turn: float, rgb: tuple[float, float, float] = _GREEN) -> None:
    c.shape(leaf_shape(x, y, length, 0.27 * length, turn), rgb)
    end = (x + 0.85 * length * np.cos(np.radians(turn)), y + 0.85 * length * np.sin(np.radians(turn)))
    c.line([(x, y), end], 0.02, (rgb[0] * 1.4, rgb[1] * 1.25, rgb[2] * 1.3))


def _about(rng: np.random.Generator, across: float, up: float) -> tuple[float, float]:
    """Somewhere near the middle, where a thing of a third of the square still fits."""
    x, y = rng.normal(0, across), rng.normal(-0.05, up)
    return float(np.clip(x, -0.6, 0.6)), float(np.clip(y, -0.6, 0.6))


@motif("apple")
def apple(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    red = color(hue, 0.82, 0.8)
    c.ball((-0.22, -0.1), (0.58, 0.68), red, turn=8)
    c.ball((0.22, -0.1), (0.58, 0.68), red, turn=-8)
    c.ball((0.0, 0.5), (0.26, 0.1), color(hue, 0.85, 0.42), gloss=0)
    c.line([(0.0, 0.48), (0.06, 0.7), (0.14, 0.86)], 0.07, _STEM)
    _leaf(c, 0.08, 0.66, 0.5, float(rng.uniform(5, 30)))


@motif("citrus")
def citrus(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    rind, flesh = color(hue, 0.85, 0.9), color(hue, 0.68, 0.98)
    c.ball((-0.25, 0.15), (0.62, 0.6), rind, gloss=0.3)
    c.ball((0.3, -0.25), (0.62, 0.62), rind, gloss=0)
    c.ball((0.3, -0.25), (0.55, 0.55), _CREAM, gloss=0)
    for k in range(9):
        a = 2 * np.pi * k / 9 + rng.uniform(0, 0.1)
        t = np.linspace(-0.27, 0.27, 8)
        rim = [(0.3 + 0.5 * np.cos(a + d), -0.25 + 0.5 * np.sin(a + d)) for d in t]
        c.shape([(0.3 + 0.07 * np.cos(a), -0.25 + 0.07 * np.sin(a)), *rim], flesh, relief=0.18)
    _leaf(c, -0.3, 0.7, 0.45, float(rng.uniform(0, 40)))


@motif("berry")
def berry(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for _ in range(11):
        x, y = _about(rng, 0.33, 0.28)
        r = rng.uniform(0.22, 0.32)
        c.ball((x, y), (r, r), color(hue + rng.normal(0, 0.012), 0.8, rng.uniform(0.55, 0.85)), gloss=0.8)
        c.ball((x + 0.02, y + 0.6 * r), (0.3 * r, 0.14 * r), color(hue, 0.9, 0.3), gloss=0)
    for turn in (35, 80, 130):
        _leaf(c, 0.05, 0.3, 0.55, turn + float(rng.normal(0, 8)))


@motif("tomato")
def tomato(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for x, y, r in ((-0.35, 0.1, 0.5), (0.38, 0.0, 0.5), (0.0, -0.28, 0.56)):
        c.ball((x, y), (r, 0.9 * r), color(hue + rng.normal(0, 0.008), 0.88, 0.8), gloss=0.9, lobes=0.02)
        for k in range(5):
            _leaf(c, x, y + 0.66 * r, 0.55 * r, 72 * k + float(rng.normal(18, 8)))


@motif("pepper")
def pepper(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for k, turn in enumerate((-25, 20)):
        x = -0.3 + 0.55 * k
        t = np.linspace(0, 1, 24)
        bend = 0.3 * np.sin(2.2 * t) * (1 if k else -1)
        half = 0.24 * (1 - t) ** 0.7 + 0.01
        spine = np.stack([x + bend, 0.6 - 1.35 * t], axis=1)
        outline = np.concatenate([spine + np.stack([half, 0 * t], 1), (spine - np.stack([half, 0 * t], 1))[::-1]])
        c.shape(outline, color(hue + 0.02 * k, 0.92, 0.75 - 0.1 * k), relief=0.55)
        c.line([(x, 0.6), (x + 0.05, 0.75), (x + 0.12, 0.9)], 0.09, _GREEN)
        _leaf(c, x, 0.62, 0.28, 200 + turn)


@motif("pea")
def pea(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    green = color(hue, 0.65, 0.55)
    c.shape(leaf_shape(-0.95, -0.25, 1.95, 0.36, 14.0), color(hue, 0.7, 0.36))
    for k in range(6):
        x = -0.68 + 0.27 * k
        c.ball((x, -0.19 + 0.07 * k), (0.17, 0.17), green, gloss=0.6)
    for _ in range(5):
        c.ball((rng.uniform(-0.6, 0.6), rng.uniform(-0.85, -0.55)), (0.16, 0.16), green, gloss=0.6)
    _leaf(c, 0.2, 0.3, 0.6, 60)


@motif("olive")
def olive(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    c.line([(-0.85, 0.75), (0.0, 0.45), (0.8, 0.1)], 0.05, _STEM)
    for k in range(7):
        turn = float(rng.choice([70, -110]) + rng.normal(0, 12))
        _leaf(c, -0.7 + 0.24 * k, 0.68 - 0.1 * k, 0.55, turn, (0.33, 0.42, 0.2))
    for x, y in ((-0.35, -0.1), (0.15, -0.3), (0.5, -0.15), (-0.05, -0.65)):
        c.ball((x, y), (0.2, 0.27), color(hue, 0.55, 0.42), gloss=0.9, turn=float(rng.normal(0, 20)))


@motif("ear")
def ear(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    gold = color(hue, 0.55, 0.85)
    for lean in (-16, 2, 19):
        a = np.radians(90 + lean)
        dx, dy = np.cos(a), np.sin(a)
        c.line([(-0.9 * dx * 0.2, -0.95), (0.55 * dx, 0.55 * dy)], 0.035, color(hue, 0.5, 0.6))
        for k in range(8):
            s = -0.05 + 0.13 * k
            for side in (-1, 1):
                c.ball(
                    (s * dx + side * 0.085 * dy, s * dy - side * 0.085 * dx), (0.062, 0.13),
                    gold if (k + side) % 3 else color(hue, 0.6, 0.7), gloss=0.2, turn=lean * -1.0 - side * 24,
                )  # fmt: skip
    rng.random()


@motif("nut")
def nut(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for _ in range(7):
        x, y = _about(rng, 0.4, 0.34)
        r = rng.uniform(0.24, 0.34)
        tone = color(hue, 0.62, rng.uniform(0.45, 0.68))
        c.ball((x, y), (r, 0.88 * r), tone, gloss=0.5, turn=float(rng.uniform(0, 180)))
        c.ball((x - 0.1 * r, y + 0.62 * r), (0.5 * r, 0.25 * r), color(hue, 0.35, 0.78), gloss=0)
    _leaf(c, 0.35, 0.3, 0.5, 40)


@motif("chocolate")
def chocolate(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    brown = color(hue, 0.68, 0.3)
    for row in range(3):
        for k in range(3):
            x, y = -0.66 + 0.46 * k + 0.13 * row, 0.55 - 0.48 * row + 0.1 * k
            if row == 2 and k == 2 and rng.random() < 0.6:
                continue
            for inset, tone in ((0.0, 0.75), (0.06, 1.0)):
                corners = [(x + inset, y - inset), (x + 0.42 - inset, y + 0.09 - inset)]
                corners += [(x + 0.53 - inset, y - 0.33 + inset), (x + 0.11 + inset, y - 0.42 + inset)]
                c.shape(corners, (brown[0] * tone, brown[1] * tone, brown[2] * tone), relief=0.5)


@motif("cookie")
def cookie(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for x, y, r in ((-0.3, 0.25, 0.55), (0.28, -0.22, 0.62)):
        c.shape(blob(rng, x, y, r, rough=0.04), color(hue - 0.02, 0.55, 0.6), relief=0.4)
        c.shape(blob(rng, x, y, 0.9 * r, rough=0.04), color(hue - 0.02, 0.5, 0.74), relief=0.2)
        for _ in range(9):
            a, d = rng.uniform(0, 6.28), r * 0.75 * np.sqrt(rng.random())
            c.ball((x + d * np.cos(a), y + d * np.sin(a)), (0.075, 0.06), _BROWN, gloss=0.4)


@motif("chip")
def chip(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for _ in range(7):
        x, y = _about(rng, 0.36, 0.32)
        turn = rng.uniform(0, 180)
        c.ball((x, y), (0.42, 0.27), color(0.115, 0.62, rng.uniform(0.8, 0.95)), gloss=0.1, turn=float(turn))
        c.ball((x + 0.03, y - 0.02), (0.33, 0.16), color(0.12, 0.45, 0.97), gloss=0, turn=float(turn))
    if hue < 0.9:
        _leaf(c, 0.3, 0.45, 0.45, 40)


@motif("cheese")
def cheese(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    c.shape([(-0.9, -0.1), (0.75, 0.6), (0.9, 0.1), (-0.9, -0.15)], color(hue, 0.5, 0.98), relief=0.2)
    c.shape([(-0.9, -0.12), (0.9, 0.12), (0.9, -0.5), (-0.9, -0.62)], color(hue, 0.62, 0.88), relief=0.3)
    for _ in range(8):
        x, y, r = rng.uniform(-0.7, 0.75), rng.uniform(-0.5, -0.12), rng.uniform(0.05, 0.13)
        c.ball((x, y + 0.12 * x), (r, 0.85 * r), color(hue, 0.72, 0.62), gloss=0)


@motif("fish")
def fish(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    body = color(hue, 0.4, 0.66)
    c.shape([(0.55, 0.0), (0.98, 0.4), (0.88, 0.0), (0.98, -0.4)], color(hue, 0.45, 0.5), relief=0.3)
    c.ball((-0.1, 0.0), (0.8, 0.38), body, gloss=0.5)
    c.ball((-0.1, -0.16), (0.68, 0.2), color(hue, 0.08, 0.93), gloss=0)
    c.shape([(-0.1, 0.3), (0.25, 0.62), (0.4, 0.22)], color(hue, 0.5, 0.45), relief=0.3)
    c.ball((-0.6, 0.1), (0.08, 0.08), (0.95, 0.95, 0.9), gloss=0)
    c.ball((-0.6, 0.1), (0.045, 0.045), (0.04, 0.04, 0.05), gloss=0.8)
    for k in range(4):
        c.ball((-0.15 + 0.2 * k, 0.05 * (k % 2)), (0.05, 0.07), color(hue, 0.3, 0.8), gloss=0)
    rng.random()


@motif("bowl")
def bowl(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    c.ball((0, -0.35), (0.85, 0.55), (0.93, 0.92, 0.9), gloss=0.4)
    c.ball((0, -0.02), (0.86, 0.3), (0.82, 0.8, 0.77), gloss=0)
    c.ball((0, -0.04), (0.76, 0.24), _CREAM, gloss=0)
    for _ in range(30):
        a, d = rng.uniform(0, 6.28), np.sqrt(rng.random())
        tone = color(hue + rng.normal(0, 0.03), rng.uniform(0.5, 0.8), rng.uniform(0.55, 0.9))
        r = rng.uniform(0.07, 0.13)
        place = (0.62 * d * np.cos(a), 0.02 + 0.2 * d * np.sin(a))
        c.ball(place, (r, 0.75 * r), tone, gloss=0.3, turn=float(rng.uniform(0, 180)))
    _leaf(c, 0.1, 0.1, 0.4, 60)


@motif("cup")
def cup(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    c.ball((0, -0.72), (0.9, 0.2), (0.88, 0.87, 0.85), gloss=0.2)
    c.ball((0.62, -0.15), (0.3, 0.27), (0.85, 0.84, 0.82), gloss=0)
    c.shape([(-0.62, 0.25), (0.62, 0.25), (0.4, -0.62), (0.0, -0.72), (-0.4, -0.62)], (0.93, 0.92, 0.9), relief=0.5)
    c.ball((0, 0.25), (0.63, 0.18), (0.8, 0.78, 0.75), gloss=0)
    c.ball((0, 0.23), (0.55, 0.13), color(hue, 0.65, 0.4), gloss=0.3)
    c.ball((-0.1, 0.24), (0.25, 0.05), color(hue, 0.35, 0.75), gloss=0)
    for k in (-0.2, 0.15):
        wave = [(k + 0.07 * np.sin(5 * t), 0.42 + 0.5 * t) for t in np.linspace(0, 1, 12)]
        c.line(wave, 0.05, (0.9, 0.9, 0.9))
    rng.random()


@motif("leaf")
def leaf(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for k, turn in enumerate((200, -20, 150, 30, 90)):
        tone = color(hue + rng.normal(0, 0.015), 0.62, 0.4 + 0.05 * k)
        _leaf(c, 0.0, -0.55 + 0.12 * k, 0.95, turn + float(rng.normal(0, 8)), tone)


@motif("flower")
def flower(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for x, y, r in ((-0.35, 0.25, 0.34), (0.3, -0.1, 0.45), (-0.3, -0.5, 0.27)):
        for k in range(6):
            a = 2 * np.pi * k / 6 + rng.uniform(0, 0.4)
            c.ball(
                (x + 0.62 * r * np.cos(a), y + 0.62 * r * np.sin(a)), (0.5 * r, 0.3 * r), color(hue, 0.35, 0.96),
                gloss=0.1, turn=float(np.degrees(a)),
            )  # fmt: skip
        c.ball((x, y), (0.24 * r, 0.24 * r), color(0.13, 0.75, 0.9), gloss=0.2)
    _leaf(c, 0.1, -0.5, 0.6, -35)


@motif("drop")
def drop(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for x, y, r in ((0.0, -0.2, 0.6), (0.62, 0.35, 0.25), (-0.6, 0.45, 0.2)):
        t = np.linspace(0, 2 * np.pi, 50)
        outline = np.stack([x + r * np.sin(t) * np.sin(t / 2) ** 1.5, y + r * 1.25 * np.cos(t)], axis=1)
        c.shape(outline, color(hue, 0.72, 0.92), relief=0.7)
        c.ball((x - 0.22 * r, y - 0.35 * r), (0.12 * r, 0.22 * r), (1, 1, 0.96), gloss=0, turn=-20)
    rng.random()


@motif("splash")
def splash(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    white, shade = (0.97, 0.97, 0.95), color(hue, 0.15, 0.86)
    c.shape(blob(rng, 0.0, -0.45, 0.62, rough=0.2, count=60) * (1.25, 0.8), shade, relief=0.5)
    c.shape(blob(rng, 0.0, -0.4, 0.55, rough=0.25, count=60) * (1.2, 0.8), white, relief=0.5)
    for _ in range(9):
        a, d = rng.uniform(0.35, 2.8), rng.uniform(0.45, 0.95)
        x, y, r = d * np.cos(a), -0.4 + d * np.sin(a), rng.uniform(0.05, 0.14)
        c.line([(0.4 * x, -0.35), (x, y)], 0.9 * r, white)
        c.ball((x, y), (r, r), white, gloss=0.4)


@motif("wave")
def wave(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    x = np.linspace(-1, 1, 40)
    for k in range(4):
        y = 0.45 - 0.38 * k + 0.17 * np.sin(3.4 * x + k * 1.3 + rng.uniform(0, 0.6))
        outline = np.concatenate([np.stack([x, y], 1), np.stack([x, y - 0.25 + 0.05 * k], 1)[::-1]])
        c.shape(outline * 0.95, color(hue + 0.015 * k, 0.7 - 0.14 * k, 0.62 + 0.1 * k), relief=0.35)


@motif("bubbles")
def bubbles(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for _ in range(15):
        r = rng.uniform(0.08, 0.34)
        x, y = rng.uniform(-0.65, 0.65), rng.uniform(-0.65, 0.65)
        c.ball((x, y), (r, r), color(hue, 0.5, 0.75), gloss=0.9)
        c.ball((x + 0.05 * r, y - 0.05 * r), (0.84 * r, 0.84 * r), color(hue, 0.22, 0.96), gloss=0.9)


@motif("burst")
def burst(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    for scale, tone in ((0.95, color(hue, 0.85, 0.75)), (0.68, color(hue + 0.06, 0.7, 0.95)), (0.4, (0.99, 0.95, 0.8))):
        count = 28
        a = np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(0, 0.2)
        r = scale * np.where(np.arange(count) % 2, 1.0, 0.62 + rng.uniform(-0.08, 0.08, count))
        c.shape(np.stack([r * np.cos(a), r * np.sin(a)], 1), tone, relief=0.15)


@motif("paw")
def paw(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    tone = color(hue, 0.5, 0.4)
    c.ball((0.0, -0.3), (0.45, 0.38), tone, gloss=0.2)
    for x, y in ((-0.55, 0.12), (-0.2, 0.45), (0.2, 0.45), (0.55, 0.12)):
        c.ball((x, y), (0.18, 0.25), tone, gloss=0.2, turn=-30 * x)
    rng.random()


@motif("emblem")
def emblem(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    gold, dark = color(0.12, 0.55, 0.72), color(hue, 0.7, 0.3)
    half = [(0.6, 0.7), (0.6, -0.1), (0.35, -0.6), (0.0, -0.85)]
    shield = [(0.0, 0.85), *half, *((-x, y) for x, y in half[-2::-1])]
    c.shape(shield, gold, relief=0.5)
    c.shape([(x * 0.86, y * 0.86) for x, y in shield], dark, relief=0.3)
    kind = int(rng.integers(0, 3))
    if kind == 0:
        for k in range(3):
            y = 0.35 - 0.35 * k
            c.shape([(-0.4, y), (0.0, y + 0.15), (0.4, y), (0.0, y - 0.13)], gold)
    elif kind == 1:
        for turn in (60, 90, 120, 240, 270, 300):
            c.shape(leaf_shape(0, 0, 0.5, 0.12, turn), gold)
    else:
        c.ball((0, 0), (0.34, 0.34), gold, gloss=0.4)
        c.ball((0, 0), (0.24, 0.24), dark, gloss=0)
        c.line([(0, -0.2), (0, 0.2)], 0.06, gold)


@motif("plain")
def plain(c: Canvas, rng: np.random.Generator, hue: float) -> None:
    tone = color(hue, 0.6, 0.6)
    if rng.random() < 0.5:
        for k in range(4):
            c.ball((-0.55 + 0.37 * k, 0.25 - 0.1 * k), (0.2, 0.2), (0.95, 0.95, 0.93) if k % 2 else tone, gloss=0.6)
    else:
        c.ball((0, 0), (0.6, 0.3), tone, gloss=0.5, turn=30)
        c.line([(-0.12, 0.2), (0.12, -0.2)], 0.04, (0.95, 0.95, 0.95))
