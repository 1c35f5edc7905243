"""A kernelspec in a temporary JUPYTER_PATH that points at the build, and kernels started from it by jupyter_client."""

import json
import os
import pathlib
import shutil
import time

import pytest
from jupyter_client.manager import KernelManager
from queue import Empty

HOUSE = pathlib.Path(__file__).resolve().parents[2]
MAIN = HOUSE / "kernel-ext" / "dist" / "main.js"
# Another Node to run the suite on; the one on the path otherwise.
NODE = os.environ.get("RUNLAB_NODE") or shutil.which("node")


def install_spec(folder: pathlib.Path) -> None:
    template = HOUSE / "kernel-ext" / "kernelspec"
    target = folder / "kernels" / "runlab"
    shutil.copytree(template, target, dirs_exist_ok=True)
    spec = json.loads((template / "kernel.json").read_text())
    spec["argv"] = [NODE, str(MAIN), "--connection-file", "{connection_file}"]
    (target / "kernel.json").write_text(json.dumps(spec))


def pytest_configure(config):
    """Before any test class asks Jupyter for the kernel, jupyter_kernel_test among them."""
    import tempfile

    assert MAIN.exists(), f"{MAIN} is missing: build first (npm run build)"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="runlab-jupyter-"))
    config._runlab_jupyter = folder
    install_spec(folder)
    os.environ["JUPYTER_PATH"] = str(folder)


def pytest_unconfigure(config):
    shutil.rmtree(config._runlab_jupyter, ignore_errors=True)


def wait_for_types(client, timeout=90):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        msg_id = client.is_complete("1")
        while True:
            message = client.get_shell_msg(timeout=30)
            if message["parent_header"].get("msg_id") == msg_id:
                break
        if message["content"]["status"] != "unknown":
            return
    raise TimeoutError(f"no type checker within {timeout} s")


class Cell:
    """All that the kernel said about one request."""

    def __init__(self, reply, messages):
        self.reply = reply
        self.messages = messages

    @property
    def content(self):
        return self.reply["content"]

    @property
    def status(self):
        return self.content["status"]

    def of(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def stream(self, name):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def stdout(self):
        return self.stream("stdout")

    @property
    def stderr(self):
        return self.stream("stderr")

    @property
    def result(self):
        results = self.of("execute_result")
        return results[0]["data"] if results else None

    @property
    def text(self):
        return self.result["text/plain"] if self.result else None


class Kernel:
    def __init__(self, folder, env=None):
        self.folder = folder
        self.manager = KernelManager(kernel_name="runlab")
        self.manager.start_kernel(cwd=str(folder), env={**os.environ, **(env or {})})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def iopub(self, timeout):
        return self.client.get_iopub_msg(timeout=timeout)

    def reply(self, msg_id, timeout=20):
        end = time.monotonic() + timeout
        while True:
            message = self.client.get_shell_msg(timeout=max(0.01, end - time.monotonic()))
            if message["parent_header"].get("msg_id") == msg_id:
                return message

    def until_idle(self, msg_id, timeout=20, stop=None):
        """Messages of the request up to its idle; `stop(message)` may end the wait earlier."""
        end = time.monotonic() + timeout
        seen = []
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no idle within {timeout} s; seen {[m['msg_type'] for m in seen][-20:]}")
            try:
                message = self.iopub(left)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                self.others.append(message)
                continue
            seen.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return seen
            if stop and stop(message):
                return seen

    others: list = []

    def run(self, code, timeout=20, **options):
        self.others = []
        msg_id = self.send(code, **options)
        reply = self.reply(msg_id, timeout)
        return Cell(reply, self.until_idle(msg_id, timeout))

    def ask(self, method, *args, timeout=20, **options):
        """Any other shell request of the client, by name: `ask("complete", "co", 2)`."""
        msg_id = getattr(self.client, method)(*args, **options)
        reply = self.reply(msg_id, timeout)
        self.until_idle(msg_id, timeout)
        return reply["content"]

    def interrupt_after(self, code, seconds, timeout=15):
        """Runs a cell and presses the stop button; gives the cell and how long it took to stop."""
        msg_id = self.send(code)
        time.sleep(seconds)
        pressed = time.monotonic()
        self.manager.interrupt_kernel()
        reply = self.reply(msg_id, timeout)
        took = time.monotonic() - pressed
        return Cell(reply, self.until_idle(msg_id, timeout)), took

    def warm(self, timeout=90):
        """Waits until the type checker has loaded; before that the kernel answers "unknown" rather than late."""
        wait_for_types(self.client, timeout)

    def heartbeat(self, timeout=2.0):
        """Seconds for one beat, on a socket of its own."""
        import zmq

        socket = zmq.Context.instance().socket(zmq.REQ)
        socket.linger = 0
        socket.connect(f"tcp://{self.manager.ip}:{self.manager.hb_port}")
        try:
            started = time.monotonic()
            socket.send(b"beat")
            if not socket.poll(int(timeout * 1000)):
                raise TimeoutError("no heartbeat")
            socket.recv()
            return time.monotonic() - started
        finally:
            socket.close()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for the tests of a file: what one leaves behind must not harm the next."""
    started = Kernel(tmp_path_factory.mktemp("notebooks"))
    started.warm()
    yield started
    started.stop()


@pytest.fixture
def start(tmp_path):
    """Starts kernels with an environment of their own."""
    started = []

    def begin(**env):
        kernel = Kernel(tmp_path, env)
        started.append(kernel)
        return kernel

    yield begin
    for kernel in started:
        kernel.stop()
