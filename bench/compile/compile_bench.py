#!/usr/bin/env python3
"""What it costs to compile models: seconds, peak memory, object bytes, template instantiations.

Every bench/compile/*.cpp is compiled to an object, with each compiler, by the flags that the CMake
target etch::etch sets. Seconds are processor time (what else runs on the machine hardly disturbs it),
the median of --repeat runs; memory is the largest resident set of any process of the compiler;
instantiations are those of classes and functions in clang's -ftime-trace (the same on every run).
With --check the budgets below make the program fail.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent

# The first compiler of the list, gcc -O2: (file, quantity, limit).
BUDGETS = [("mlp4", "seconds", 4.0), ("mlp4", "peak_mb", 500.0),
           ("resnet50", "seconds", 60.0), ("resnet50", "peak_mb", 2000.0),
           ("transformer12", "seconds", 60.0), ("transformer12", "peak_mb", 2000.0)]
# (file, other file, limit): seconds of one less than limit times the seconds of the other.
RATIOS = [("block12", "block1", 3.0)]


def target_flags(compiler, work):
    """The flags of etch::etch for this compiler, as CMake writes them into a compile command."""
    project = work / ("flags_" + compiler.replace("/", "_"))
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.21)\nproject(flags LANGUAGES CXX)\n"
        f'add_subdirectory("{ROOT}" etch)\nadd_library(probe OBJECT probe.cpp)\n'
        "target_link_libraries(probe PRIVATE etch::etch)\n", encoding="utf-8")
    (project / "probe.cpp").write_text("", encoding="utf-8")
    run = subprocess.run(
        ["cmake", "-S", project, "-B", project / "build", f"-DCMAKE_CXX_COMPILER={compiler}",
         "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], text=True, capture_output=True)
    if run.returncode != 0:
        sys.exit(f"etch: compile_bench: CMake refuses {compiler}:\n{run.stdout}{run.stderr}")
    commands = json.loads((project / "build/compile_commands.json").read_text(encoding="utf-8"))
    words = commands[0]["command"].split()
    return [w for w in words[1:words.index("-o")]]


def compile_once(command, work):
    """(seconds, peak_mb) of one run, of the driver and the children that it waits for."""
    log = open(work / "messages.txt", "w+", encoding="utf-8")
    process = subprocess.Popen(command, cwd=work, stdout=log, stderr=log)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    log.seek(0)
    messages = log.read()
    log.close()
    if process.returncode != 0:
        raise RuntimeError(messages[-4000:])
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def instantiations(command, work):
    """Instantiated classes and functions, each an event where the trace leaves out none."""
    compile_once(command + ["-ftime-trace", "-ftime-trace-granularity=0"], work)
    trace = json.loads((work / "model.json").read_text(encoding="utf-8"))
    return sum(event["name"] in ("InstantiateClass", "InstantiateFunction")
               for event in trace["traceEvents"])


def measure(source, compiler, flags, repeat, work):
    work.mkdir()
    output = work / "model.o"
    command = [compiler, *flags, "-c", str(source), "-o", str(output)]
    runs = [compile_once(command, work) for _ in range(repeat)]
    row = {
        "file": source.stem,
        "compiler": compiler,
        "seconds": round(statistics.median(s for s, _ in runs), 2),
        "peak_mb": round(max(m for _, m in runs)),
        "object_bytes": output.stat().st_size,
        "instantiations": None,
    }
    version = subprocess.run([compiler, "--version"], text=True, capture_output=True).stdout
    if "clang" in version:
        row["instantiations"] = instantiations(command, work)
    return row


def over_budget(rows, first_compiler):
    cost = {(r["file"], key): r[key] for r in rows if r["compiler"] == first_compiler
            for key in ("seconds", "peak_mb")}
    complaints = []
    for file, key, limit in BUDGETS:
        if cost.get((file, key), 0) >= limit:
            complaints.append(f"{file}: {key} is {cost[file, key]}, expected less than {limit}")
    for file, base, limit in RATIOS:
        a, b = cost.get((file, "seconds")), cost.get((base, "seconds"))
        if a and b and a >= limit * b:
            complaints.append(f"{file}: {a / b:.2f} times the seconds of {base}, expected less than "
                              f"{limit}")
    return complaints


def print_table(rows):
    print("| model | compiler | seconds | peak MB | object bytes | instantiations |")
    print("|---|---|--:|--:|--:|--:|")
    for r in rows:
        count = "" if r["instantiations"] is None else f"{r['instantiations']:,}"
        print(f"| {r['file']} | {r['compiler']} | {r['seconds']:.2f} | {r['peak_mb']:,} | "
              f"{r['object_bytes']:,} | {count} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compilers", nargs="+", default=["g++", "clang++"])
    parser.add_argument("--flags", default="-O2", help="added to those of the target")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="writes the rows there")
    parser.add_argument("--check", action="store_true", help="fails where a budget is exceeded")
    parser.add_argument("models", nargs="*", help="names of files; all by default")
    arguments = parser.parse_args()

    sources = [s for s in sorted(HERE.glob("*.cpp"))
               if not arguments.models or s.stem in arguments.models]
    missing = set(arguments.models) - {s.stem for s in sources}
    if missing or not sources:
        sys.exit(f"etch: compile_bench: no such model: {', '.join(sorted(missing)) or 'any'}")
    compilers = [c for c in arguments.compilers if shutil.which(c)]
    for compiler in set(arguments.compilers) - set(compilers):
        print(f"skipped: {compiler} is not installed", file=sys.stderr)
    if not compilers:
        sys.exit("etch: compile_bench: none of the compilers is installed")

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for i, compiler in enumerate(compilers):
            flags = target_flags(compiler, work) + arguments.flags.split()
            for source in sources:
                try:
                    row = measure(source, compiler, flags, arguments.repeat,
                                  work / f"{source.stem}_{i}")
                except RuntimeError as error:
                    sys.exit(f"etch: compile_bench: {compiler} refuses {source.name}:\n{error}")
                rows.append(row)
                print(f"{source.stem} {compiler}: {row['seconds']:.2f} s", file=sys.stderr)

    print_table(rows)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    complaints = over_budget(rows, compilers[0])
    for complaint in complaints:
        print(f"over budget: {complaint}")
    return 1 if arguments.check and complaints else 0


if __name__ == "__main__":
    sys.exit(main())
