"""The program that ssh starts to ask something (SSH_ASKPASS): hands the question to Hostelry and prints the answer.

Run by path with `python -I -S`, standard library only.  HOSTELRY_ASK: the socket; HOSTELRY_ASK_ID: who asks.  The question is in
argv, as OpenSSH defines it; the answer goes through the socket and a pipe to ssh alone.
"""

import json
import os
import socket
import sys


def main() -> int:
    """0: answered; 1: refused, or there is nobody to ask."""
    question = {
        "id": os.environ.get("HOSTELRY_ASK_ID", ""),
        "prompt": " ".join(sys.argv[1:]),
        "hint": os.environ.get("SSH_ASKPASS_PROMPT", ""),
    }
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(os.environ.get("HOSTELRY_ASK", ""))
            door.sendall(json.dumps(question).encode() + b"\n")
            with door.makefile("r", encoding="utf-8") as answers:
                answer = json.loads(answers.readline() or "null")
    except (OSError, ValueError):
        return 1
    if not isinstance(answer, str):
        return 1
    sys.stdout.write(answer + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
