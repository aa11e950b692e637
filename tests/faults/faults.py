"""The faults: each takes some seconds, and leaves everything as it was but for what it killed."""

import contextlib
import os
import signal


def pick(draw, instance, *roles):
    """A running process of one of these roles, or None."""
    children = {pid: command[2] for pid, command in instance.children().items()}
    wanted = sorted(pid for pid, role in children.items() if role in roles)
    return draw.choice(wanted) if wanted else None


def send(pid, how):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def kill_worker(scene, draw):
    """SIGKILL for one worker."""
    for _ in range(draw.choice([1, 1, 1, 3])):
        pid = pick(draw, scene.instance, "worker")
        if pid:
            send(pid, signal.SIGKILL)
        scene.watch(0.3)


def stop_worker(scene, draw):
    """SIGSTOP for one worker, for longer than its session lasts now and then; then SIGCONT."""
    stop(scene, draw, "worker", draw.choice([1, 4, 9]))


def stop_hub(scene, draw):
    stop(scene, draw, "hub", draw.choice([1, 3]))


def stop(scene, draw, role, seconds):
    pid = pick(draw, scene.instance, role)
    if pid:
        send(pid, signal.SIGSTOP)
        scene.watch(seconds)
        send(pid, signal.SIGCONT)


def kill_hub(scene, draw):
    """SIGKILL for the hub."""
    pid = pick(draw, scene.instance, "hub")
    if pid:
        send(pid, signal.SIGKILL)


def kill_supervisor(scene, draw):
    """SIGKILL for the supervisor; its children drain, or die with it as in systemd's control group; then a new start."""
    instance = scene.instance
    instance.kill_supervisor()
    if draw.random() < 0.5:
        for pid in instance.left():
            send(pid, signal.SIGKILL)
    else:
        scene.watch(1)
    scene.start_again()


def restart(scene, draw):
    """An orderly stop and a new start."""
    scene.stop(partly=True)
    scene.start_again()


def reload(scene, draw):
    """SIGHUP: every worker is replaced, one by one."""
    scene.instance.reload()
    scene.watch(draw.uniform(2, 5))


def scale(scene, draw):
    """One worker, then four, then as many as usual; the number of workers is read at the start alone."""
    usual = scene.instance.config["workers"]
    for workers in (1, 4, usual):
        scene.stop(partly=True)
        scene.instance.config["workers"] = workers
        scene.start_again()
        scene.watch(draw.uniform(2, 5))


def second_instance(scene, draw):
    """Another instance joins the group for some seconds, and leaves in good order or not."""
    with scene.another_instance() as other:
        scene.watch(draw.uniform(3, 7))
        if draw.random() < 0.5:
            scene.stop(other, partly=True)


def kill_broker(scene, draw):
    """SIGKILL for the broker, and a new start."""
    scene.broker.kill()
    scene.watch(draw.uniform(0, 3))
    scene.broker.start()


def stop_broker(scene, draw):
    """SIGSTOP for the broker; then SIGCONT."""
    scene.broker.pause()
    try:
        scene.watch(draw.choice([1, 4, 8]))
    finally:
        scene.broker.resume()


def cut_connections(scene, draw):
    """Resets every connection, several times."""
    for _ in range(draw.choice([1, 3])):
        for proxy in scene.proxies:
            proxy.cut()
        scene.watch(draw.uniform(0.1, 1))


def slow_connections(scene, draw):
    """Connections with some hundred milliseconds of delay and few bytes a second."""
    with healed(scene):
        for proxy in scene.proxies:
            proxy.delay_s = draw.choice([0.02, 0.3])
            proxy.bytes_per_s = draw.choice([30_000, 200_000])
        scene.watch(draw.uniform(2, 5))


def silent_connections(scene, draw):
    """Connections that stay open but carry nothing."""
    with healed(scene):
        for proxy in scene.proxies:
            proxy.is_silent = True
        scene.watch(draw.choice([1, 4, 8]))


def refused_connections(scene, draw):
    """Connections are cut, and new ones refused."""
    with healed(scene):
        for proxy in scene.proxies:
            proxy.is_closed = True
            proxy.cut()
        scene.watch(draw.uniform(1, 4))


@contextlib.contextmanager
def healed(scene):
    try:
        yield
    finally:
        for proxy in scene.proxies:
            proxy.heal()


# How often each is drawn.
ALWAYS = {kill_worker: 5, stop_worker: 3, kill_supervisor: 2, restart: 1, reload: 2, scale: 1, cut_connections: 3,
          slow_connections: 2, silent_connections: 2, refused_connections: 2}
WITH_KAFKA = {kill_broker: 1, stop_broker: 2}
WITH_A_HUB = {kill_hub: 3, stop_hub: 2}
FROM_KAFKA = {second_instance: 2}
