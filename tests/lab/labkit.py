"""What suites of the lab share: steps with names, programs, waiting for what must become true, the API."""

import json
import subprocess
import sys
import time
import traceback
from pathlib import Path

DEB = Path("/var/tmp/lab/pleiad.deb")

_steps = []


def step(function):
    """Marks a function as a step; its name and docstring are what the output shows. Steps run in the order written."""
    _steps.append(function)
    return function


def main():
    """Runs all steps, or those whose names contain one of the words given. Ends with 1 at the first that fails."""
    words = sys.argv[1:]
    chosen = [s for s in _steps if not words or any(w in s.__name__ for w in words)]
    started = time.monotonic()
    for number, function in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {function.__name__.replace('_', ' ')} ...", end=" ", flush=True)
        begun = time.monotonic()
        try:
            said = function()
        except Exception as err:  # whatever it is, it is what the step found
            print("FAILED", flush=True)
            traceback.print_exc()
            if isinstance(err, subprocess.CalledProcessError):
                print(err.stdout, err.stderr, sep="\n", file=sys.stderr)
            print(f"{number - 1} passed, 1 failed", flush=True)
            sys.exit(1)
        print(f"ok, {time.monotonic() - begun:.1f} s{': ' + said if said else ''}", flush=True)
    print(f"{len(chosen)} passed, 0 failed in {time.monotonic() - started:.0f} s", flush=True)


def run(*argv, check=True, timeout=300, **options):
    """Runs a program; returns its standard output without the last line end."""
    argv = [str(arg) for arg in argv]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=check, **options)
    return done.stdout.rstrip("\n")


def fails(*argv):
    """Runs a program that must fail; returns what it said."""
    done = subprocess.run([str(arg) for arg in argv], capture_output=True, text=True, timeout=300)
    assert done.returncode != 0, f"{argv} succeeded: {done.stdout}"
    return done.stdout + done.stderr


def wait(what, condition, limit=120):
    """Waits until a condition holds, and returns what it returned. A refused connection and the like count as no."""
    until = time.monotonic() + limit
    last = None
    while time.monotonic() < until:
        try:
            found = condition()
            if found:
                return found
        except (OSError, subprocess.CalledProcessError, ValueError) as err:
            last = err
        time.sleep(0.2)
    raise AssertionError(f"not within {limit} s: {what} ({last})")


def pvesh(verb, path, **options):
    """A method by the command line; its result."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    text = run("pvesh", verb, path, *words, "--output-format", "json")
    return json.loads(text) if text else None


def unit(name, what):
    """One property of a systemd unit."""
    return run("systemctl", "show", "--value", "--property", what, name)


def cgroup(pid):
    """The control group of a process (cgroup v2)."""
    return Path(f"/proc/{pid}/cgroup").read_text().strip().removeprefix("0::")


def identity(pid):
    """A process and its start: the same pair is the same process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    assert fields[0] != "Z", f"process {pid} has ended"
    return int(pid), fields[19]
