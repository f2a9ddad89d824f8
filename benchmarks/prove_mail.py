"""`make prove-mail`: a mailing under each SMTP fault, and under kill -9 of its senders, judged by the relay's books.

1. 120 readers each for a relay that refuses, breaks off, hangs or does a bit of each. Then the relay is mended, and a
   person settles the unknown deliveries by its log and resumes: everybody has the letter, nobody two.
2. A control: whoever settles them wrongly doubles or loses letters, and the books must show each.
3. E1: 10,000 letters by two senders, one of which is killed 50 times; with a relay that can be asked, and without.

The relay is a real SMTP server in a process of its own, the database a PostgreSQL of its own in a temporary folder.

    python -m benchmarks.prove_mail [--short] [--only kills] [--letters 10000] [--kills 50]
"""

import argparse
import logging
import sys

from benchmarks.mail.faults import prove_control, prove_faults
from benchmarks.mail.kills import prove_kills
from benchmarks.signup import site_of_its_own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="24 readers a fault, 200 letters, 2 kills")
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--only", choices=["faults", "kills"], help="one of the two parts")
    given = parser.parse_args()
    readers, letters, kills = (24, 200, 2) if given.short else (120, given.letters, given.kills)
    with site_of_its_own():
        logging.disable(logging.ERROR)  # each pause and each refusal is on purpose
        wrong = [] if given.only == "kills" else _faults(readers)
        outcomes = [] if given.only == "faults" else prove_kills(letters, kills)
    wrong += [outcome.line for outcome in outcomes if not outcome.is_right]
    wrong += [f"only {outcome.kills} kills: too few letters" for outcome in outcomes if outcome.kills < kills]
    if wrong:
        sys.exit("\n".join(wrong))
    print("nobody got two, nobody was left out, and what nobody can know is named.")


def _faults(readers: int) -> list[str]:
    return [row.fault for row in prove_faults(readers) if not row.is_right] + prove_control(readers)


if __name__ == "__main__":
    main()
