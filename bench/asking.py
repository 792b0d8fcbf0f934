"""One process that is asked about the past: what to ask comes on stdin, line by line in JSON, the answers go out so.

    python bench/asking.py MODULE

A line is [question, how many times, its arguments]; the answer is [seconds a time, CPU seconds a time, what it said].
"""

import importlib
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    import django

    django.setup()
    module = importlib.import_module(sys.argv[1])
    # The protocol has stdout to itself, whatever a library prints.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        question, times, wishes = json.loads(line)
        ask, said = getattr(module, question), None
        cpu, begun = time.process_time(), time.monotonic()
        for _ in range(times):
            said = ask(**wishes)
        took, spent = (time.monotonic() - begun) / times, (time.process_time() - cpu) / times
        print(json.dumps([took, spent, said]), file=answers, flush=True)


if __name__ == "__main__":
    main()
