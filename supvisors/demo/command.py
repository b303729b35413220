"""`supvisors demo`: runs the show, and leaves nothing behind however it ends."""
from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

from supvisors.demo.cluster import LocalCluster
from supvisors.demo.sample import sample_layout
from supvisors.demo.show import Show
from supvisors.demo.tables import RICH_MISSING, rich_is_there
from supvisors.demo.watch import Watch

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(once: bool, base: Path | None = None) -> int:
    """Run the demo; return the status of the command."""
    if not once and sys.stdout.isatty() and not rich_is_there():
        print(RICH_MISSING, file=sys.stderr)
        return 2
    for number in _ENDING:
        signal.signal(number, _interrupt)
    cluster = None
    try:
        cluster = LocalCluster(sample_layout(), base)
        return _play(cluster, once)
    except KeyboardInterrupt:
        return 130 if once else 0
    except OSError as error:
        print(f'supvisors demo: {error}', file=sys.stderr)
        return 1
    finally:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
        if cluster is not None:
            _end(cluster)


def _play(cluster: LocalCluster, once: bool) -> int:
    with Watch(cluster) as watch:
        show = Show(cluster, watch)
        try:
            if once:
                show.once()
            else:
                show.forever()
        except (TimeoutError, RuntimeError) as error:
            print('\n'.join(watch.events), file=sys.stderr)
            print(f'{cluster.tails()}\nsupvisors demo: failed: {error}', file=sys.stderr)
            return 1
    return 0


def _end(cluster: LocalCluster) -> None:
    print('ending the daemons and their programs', flush=True)
    cluster.stop()
    cluster.remove()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
