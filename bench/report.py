#!/usr/bin/env python3
"""Turns what etch_bench measured into the tables of README.md and into plots beside it.

  etch_bench --json results.json
  python3 bench/report.py results.json --baseline bench/peers.json [--peers lines.jsonl]
      [--beside clang.json two_threads.json] [--out bench]

Of several results, the rounds of one program on one machine, each row is taken from the round with the
lowest p50: what another job on the machine disturbed does not count.

--baseline FILE  figures of other libraries: {"machine": ..., "peers": {library: {workload: us}}}
--peers FILE     newer ones, a JSON object a line: peer, workload, variant, threads, median_us; the
                 best variant of each counts, and only one thread
--beside FILE... the same nets by another compiler or on more threads: a column each, time / time
--out FOLDER     where README.md is, with the markers, and where the plots go; default: beside this

Needs nothing but Python.
"""
import argparse
import json
import math
import pathlib
import sys
from xml.sax.saxutils import escape

COLOURS = ['#4269d0', '#efb118', '#ff725c', '#6cc5b0', '#3ca951', '#ff8ab7', '#a463f2', '#97bbf5',
           '#9c6b4e', '#9498a0']


def read_rows(paths):
    """The limits by name (the best of the rounds), and the rows by (workload, variant)."""
    limits, measured = {}, {}
    for path in paths:
        for r in json.loads(path.read_text()):
            if r['variant'] == 'limit':
                if r['value'] > limits.get(r['workload'], r)['value'] or r['workload'] not in limits:
                    limits[r['workload']] = r
                continue
            key = r['workload'], r['variant']
            if key not in measured or r['p50_ns'] < measured[key]['p50_ns']:
                measured[key] = r
    if not limits or not any(variant == 'etch' for _, variant in measured):
        raise ValueError('no limits or no rows of etch in it')
    return limits, measured


NAMES = {'onnxruntime': 'ONNX Runtime', 'pytorch-eager': 'PyTorch eager', 'eigen': 'Eigen',
         'rtneural': 'RTNeural', 'openblas': 'OpenBLAS', 'onednn': 'oneDNN',
         'libtorch script': 'libtorch', 'libtorch freeze': 'libtorch frozen',
         'libtorch ofi': 'libtorch optimised'}


def peer_name(line):
    """"onednn2.6" is "oneDNN"; libtorch is as many libraries as it has ways to prepare a net."""
    name = line['peer'].rstrip('.0123456789')
    if name == 'libtorch':
        name += ' ' + line.get('variant', 'script').split('+')[0]
    return NAMES.get(name, name)


def read_peers(baseline, lines):
    """{library: {workload: us}} and a sentence about where they were measured."""
    peers, about = {}, []
    if baseline:
        known = json.loads(baseline.read_text())
        peers = {name: dict(times) for name, times in known['peers'].items()}
        about.append(f"{known['machine']}. Its peak in GFLOP/s: "
                     f"{known['peak_gflops']}.")
    if lines:
        newer = {}
        for text in lines.read_text().splitlines():
            if not text.startswith('{'):
                continue
            line = json.loads(text)
            if line.get('threads', 1) != 1:
                continue
            times = newer.setdefault(peer_name(line), {})
            us = line['median_us']
            times[line['workload']] = min(us, times.get(line['workload'], us))
        for name, times in newer.items():
            peers.setdefault(name, {}).update(times)
        about.append(f'Newer figures of {", ".join(sorted(newer))}: from {lines.name}.')
    return peers, ' '.join(about)


def add_libtorch(measured, peers):
    """The rows of etch_bench's own TorchScript modules take the place of earlier ones."""
    times = {name: r['p50_ns'] * 1e-3 for (name, variant), r in measured.items()
             if variant == 'libtorch'}
    if times:
        peers.setdefault('libtorch frozen', {}).update(times)


def duration(ns):
    for limit, scale, unit in ((1e3, 1, 'ns'), (1e6, 1e3, 'us'), (math.inf, 1e6, 'ms')):
        if ns < limit:
            return f'{ns / scale:.3g} {unit}' if ns / scale < 1000 else f'{ns / scale:.0f} {unit}'


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    return '\n'.join(lines + ['| ' + ' | '.join(row) + ' |' for row in rows])


def workloads(measured):
    return [name for name, variant in measured if variant == 'etch']


def limits_text(limits):
    first = next(iter(limits.values()))
    head = f"{first['cpu']}, {first['isa']}, {first['compiler']}, {first['threads']} thread(s)."
    rows = [[r['workload'].replace('_', ' '), f"{r['value']:.1f} {r['unit']}"]
            for r in limits.values()]
    return head + '\n\n' + table(['limit of one core', 'value'], rows)


def read_beside(paths, main):
    """{what differs from the main program: its rows}"""
    by_kind = {}
    for path in paths:
        first = next(iter(read_rows([path])[0].values()))
        differs = [first['compiler']] if first['compiler'] != main['compiler'] else []
        if first['threads'] != main['threads']:
            differs.append(f"{first['threads']} threads")
        by_kind.setdefault(', '.join(differs) or 'again', []).append(path)
    return {kind: read_rows(of)[1] for kind, of in by_kind.items()}


def time_beside(rows, key, to):
    """How long a net takes in another program, as a ratio; of calls among others where short."""
    if key not in rows:
        return '-'
    what = 'batched_ns' if to['batched_ns'] > 0 and rows[key]['batched_ns'] > 0 else 'p50_ns'
    return f'{rows[key][what] / to[what]:.2f}'


def rows_text(measured, beside):
    head = ['workload', 'batch', 'p50', 'p99', 'first call', 'GFLOP/s', 'of the limit',
            'fastest call', 'of the limit', 'bound by', 'mallocs', 'op by op', 'difference',
            *(f'{kind}: time / time' for kind in beside)]
    rows = []
    for name in workloads(measured):
        eager = measured.get((name, 'eager'))
        for variant in ('etch', 'etch fast', 'instances'):
            if (name, variant) not in measured:
                continue
            r = measured[name, variant]
            rows.append([f'`{name}` {variant.removeprefix("etch").strip()}'.strip(), str(r['batch']),
                         duration(r['p50_ns']), duration(r['p99_ns']),
                         duration(r['first_call_ns']), f"{r['gflops']:.1f}" if r['flops'] else '-',
                         f"{100 * r['efficiency']:.0f} %", duration(r['min_ns']),
                         f"{100 * r['floor_ns'] / r['min_ns']:.0f} %", r['bound'],
                         str(r['allocations']),
                         duration(eager['p50_ns']) if eager else '-',
                         '-' if r['max_error'] is None else f"{r['max_error']:.1g}",
                         *(time_beside(of, (name, variant), r) for of in beside.values())])
    return table(head, rows)


def ratios(measured, peers):
    """{workload: {library: its time / etch's}} for those that somebody else has run too."""
    found = {}
    for name in workloads(measured):
        etch_us = measured[name, 'etch']['p50_ns'] * 1e-3
        of = {peer: times[name] / etch_us for peer, times in peers.items() if name in times}
        if of:
            found[name] = of
    return found


def peers_text(limits, measured, peers, about):
    about += f" With etch: {limits['peak_gflops']['value']:.0f}."
    by_workload = ratios(measured, peers)
    used = [p for p in peers if any(p in of for of in by_workload.values())]
    rows = []
    for name, of in by_workload.items():
        best = min(of, key=of.get)
        cells = [duration(1e3 * peers[p][name]) if p in of else '-' for p in used]
        rows.append([f'`{name}`', duration(measured[name, 'etch']['p50_ns']), *cells,
                     f'{of[best]:.2f} ({best})'])
    return about + '\n\n' + table(['workload', 'etch', *used, 'best of them / etch'], rows)


class Svg:
    """A drawing in the making; y grows downwards."""

    def __init__(self, width, height, title):
        self.size = width, height
        self.parts = [f'<title>{escape(title)}</title>',
                      f'<rect width="{width}" height="{height}" fill="white"/>']

    def rect(self, x, y, width, height, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
                          f'height="{height:.1f}" fill="{colour}"/>')

    def line(self, x1, y1, x2, y2, colour='#ccc'):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}"/>')

    def dot(self, x, y, colour, hint):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
                          f'<title>{escape(hint)}</title></circle>')

    def text(self, x, y, text, anchor='start'):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}'
                          '</text>')

    def save(self, path):
        width, height = self.size
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="12">\n'
            + '\n'.join(self.parts) + '\n</svg>\n')


LEFT, WIDTH, STEP, TOP = 170, 560, 18, 40


def plot_efficiency(measured, path):
    names = workloads(measured)
    bottom = TOP + STEP * len(names)
    svg = Svg(LEFT + WIDTH + 110, bottom + 10, 'How near the limit of one core each workload is')
    svg.text(LEFT, 16, 'lower bound of the time / time, in percent')
    most = max(1.0, *(measured[n, 'etch']['efficiency'] for n in names))
    for percent in range(0, int(100 * most) + 1, 20):
        x = LEFT + WIDTH * percent / 100 / most
        svg.line(x, TOP - 6, x, bottom)
        svg.text(x, TOP - 10, str(percent), 'middle')
    bounds = sorted({measured[n, 'etch']['bound'] for n in names})
    for i, name in enumerate(names):
        r, y = measured[name, 'etch'], TOP + STEP * i
        svg.text(LEFT - 6, y + 12, name, 'end')
        svg.rect(LEFT, y + 2, WIDTH * r['efficiency'] / most, STEP - 5,
                 COLOURS[bounds.index(r['bound'])])
        svg.text(LEFT + WIDTH * r['efficiency'] / most + 4, y + 12, f"{100 * r['efficiency']:.0f}")
    for i, bound in enumerate(bounds):
        svg.rect(LEFT + WIDTH + 30, TOP + 20 * i, 12, 12, COLOURS[i])
        svg.text(LEFT + WIDTH + 48, TOP + 20 * i + 11, bound)
    svg.save(path)


def plot_ratios(by_workload, path):
    used = list(dict.fromkeys(p for of in by_workload.values() for p in of))
    values = [v for of in by_workload.values() for v in of.values()]
    low, high = math.log10(min(0.5, *values)), math.log10(max(2, *values))
    bottom = TOP + STEP * len(by_workload)
    svg = Svg(LEFT + WIDTH + 170, max(bottom, TOP + 20 * len(used)) + 10,
              'Time of other libraries / time of etch')
    svg.text(LEFT, 16, 'time of another library / time of etch: right of 1 etch is faster')

    def at(ratio):
        return LEFT + WIDTH * (math.log10(ratio) - low) / (high - low)

    for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if not low <= math.log10(tick) <= high:
            continue
        svg.line(at(tick), TOP - 6, at(tick), bottom, '#333' if tick == 1 else '#ccc')
        svg.text(at(tick), TOP - 10, f'{tick:g}', 'middle')
    for i, (name, of) in enumerate(by_workload.items()):
        y = TOP + STEP * i + STEP / 2
        svg.text(LEFT - 6, y + 4, name, 'end')
        for peer, ratio in of.items():
            svg.dot(at(ratio), y, COLOURS[used.index(peer) % len(COLOURS)], f'{peer}: {ratio:.2f}')
    for i, peer in enumerate(used):
        svg.dot(LEFT + WIDTH + 36, TOP + 20 * i + 6, COLOURS[i % len(COLOURS)], peer)
        svg.text(LEFT + WIDTH + 48, TOP + 20 * i + 11, peer)
    svg.save(path)


def put_between(text, name, inside):
    """`text` with `inside` between the lines <!-- name:begin ... --> and <!-- name:end -->."""
    begin, end = text.index(f'<!-- {name}:begin'), text.index(f'<!-- {name}:end -->')
    begin = text.index('-->', begin) + len('-->')
    return text[:begin] + '\n' + inside + '\n' + text[end:]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('results', type=pathlib.Path, nargs='+')
    parser.add_argument('--baseline', type=pathlib.Path)
    parser.add_argument('--peers', type=pathlib.Path)
    parser.add_argument('--beside', type=pathlib.Path, nargs='+', default=[])
    parser.add_argument('--out', type=pathlib.Path, default=pathlib.Path(__file__).parent)
    asked = parser.parse_args()
    try:
        limits, measured = read_rows(asked.results)
        beside = read_beside(asked.beside, next(iter(limits.values())))
        peers, about = read_peers(asked.baseline, asked.peers)
        add_libtorch(measured, peers)
        readme = asked.out / 'README.md'
        text = readme.read_text()
    except (OSError, ValueError, KeyError) as why:
        sys.exit(f'report.py: {why}')

    results = limits_text(limits) + '\n\n' + rows_text(measured, beside)
    plot_efficiency(measured, asked.out / 'efficiency.svg')
    results += '\n\n![How near the limit of one core each workload is](efficiency.svg)'
    text = put_between(text, 'results', results)
    by_workload = ratios(measured, peers)
    if by_workload:
        plot_ratios(by_workload, asked.out / 'ratios.svg')
        against = peers_text(limits, measured, peers, about)
        against += '\n\n![Time of other libraries / time of etch](ratios.svg)'
        text = put_between(text, 'peers', against)
    readme.write_text(text)


if __name__ == '__main__':
    main()
